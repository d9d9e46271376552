/** What the calls of commands amount to, a line for each command that was called. */

import type { InfoSection } from '../../../engine/part.js'
import { formatFixed } from '../../../lib/double.js'

export const commandStatsSection: InfoSection = {
  name: 'commandstats',
  default: false,
  *fields({ table }) {
    for (const { command, stats } of table.all()) {
      const { calls, microseconds, rejected, failed } = stats
      if (calls + rejected + failed === 0) continue
      const perCall = formatFixed(calls === 0 ? 0 : microseconds / calls, 2)
      yield [
        `cmdstat_${command.fullName}`,
        `calls=${calls},usec=${Math.floor(microseconds)},usec_per_call=${perCall}` +
          `,rejected_calls=${rejected},failed_calls=${failed}`,
      ]
    }
  },
}

export const errorStatsSection: InfoSection = {
  name: 'errorstats',
  default: true,
  *fields({ stats }) {
    for (const [code, count] of stats.errors) yield [`errorstat_${code}`, `count=${count}`]
    if (stats.errorCodesOverflowed) yield ['errorstat_ERRORSTATS_OVERFLOW', 'count=1']
  },
}

export const latencyStatsSection: InfoSection = {
  name: 'latencystats',
  default: false,
  *fields({ table, config }) {
    const percents = config.values.latencyTrackingInfoPercentiles
    for (const { command, stats } of table.all()) {
      const { histogram } = stats
      if (histogram === null) continue
      const values = percents.map(one => `p${shortest(one)}=${formatFixed(histogram.percentile(one), 3)}`)
      yield [`latency_percentiles_usec_${command.fullName}`, values.join(',')]
    }
  },
}

function shortest(percent: number): string {
  return String(Number(percent.toFixed(6)))
}
