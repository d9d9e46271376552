/** What changes at once when a setting of observation or access does. */

import { type DirectiveName, propertyOf, type ValueOfDirective } from '../../config/directives.js'
import type { Engine } from '../../engine/engine.js'
import { EngineAlert } from '../../engine/gates.js'

export function followConfig(engine: Engine): void {
  const { slowLog, latency, stopwatch, keyspace, changes, log } = engine
  const { access } = keyspace
  follow(engine, 'slowlog-log-slower-than', us => (slowLog.thresholdUs = orNever(us)))
  follow(engine, 'slowlog-max-len', max => slowLog.setMax(max))
  follow(engine, 'latency-monitor-threshold', ms => (latency.thresholdUs = ms * 1000))
  follow(engine, 'latency-tracking', on => (stopwatch.tracking = on))
  follow(engine, 'loglevel', level => log.setLevel(level))
  follow(engine, 'notify-keyspace-events', classes => (changes.notify = classes))
  follow(engine, 'lfu-log-factor', factor => (access.lfuLogFactor = factor))
  follow(engine, 'lfu-decay-time', minutes => (access.lfuDecayMinutes = minutes))
  follow(engine, 'maxmemory-policy', policy => {
    access.lfu = policy.endsWith('lfu')
    access.modifiedOnly = policy.endsWith('lrm')
  })
  followSizes(engine)
}

/** The logs of large requests and replies cost a look at every command, so only who asks for them pays. */
function followSizes(engine: Engine): void {
  const { sizeLogs } = engine
  const arm = (): void => {
    const armed = Math.min(sizeLogs.requestMin, sizeLogs.replyMin) < Infinity
    engine.setAlert(EngineAlert.sizes, armed)
  }
  follow(engine, 'commandlog-request-larger-than', bytes => {
    sizeLogs.requestMin = orNever(bytes)
    arm()
  })
  follow(engine, 'commandlog-reply-larger-than', bytes => {
    sizeLogs.replyMin = orNever(bytes)
    arm()
  })
  follow(engine, 'commandlog-large-request-max-len', max => sizeLogs.requests.setMax(max))
  follow(engine, 'commandlog-large-reply-max-len', max => sizeLogs.replies.setMax(max))
}

/** Acts on a setting now and whenever it changes. */
function follow<Name extends DirectiveName>(
  { config }: Engine,
  name: Name,
  act: (value: ValueOfDirective<Name>) => void,
): void {
  act(config.values[propertyOf(name)] as ValueOfDirective<Name>)
  config.onChange(name, value => {
    act(value)
    return null
  })
}

/** -1 stands for never. */
function orNever(threshold: number): number {
  return threshold < 0 ? Infinity : threshold
}
