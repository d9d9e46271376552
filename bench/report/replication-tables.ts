import { mediansOf } from '../comparison.js'
import type { FollowedFigures, Replication, SyncFigures } from '../replication/replication.js'
import { fixed, grouped, times } from './format.js'
import { markdownTable } from './table.js'
import type { Names } from './tables.js'

const syncColumns = [
  ...['seconds', 'p99.9 of PING before', 'during', 'p100', 'hiccup', 'starved'],
  ...['memory for one replica', 'for five'],
]

export function followedTable({ followed }: Replication, names: Names): string {
  const row = (name: string, samples: readonly FollowedFigures[]): string[] => {
    const middle = mediansOf(samples)
    if (middle === null) return [name, '-', '-', '-']
    return [name, fixed(middle.aloneUs, 2), fixed(middle.followedUs, 2), times(middle.ratio)]
  }
  const rows = [row(names.subject, followed.subject), row(names.reference, followed.reference)]
  return markdownTable(['server', 'without a replica', 'with one', 'ratio'], rows)
}

export function syncTable({ keys, sync }: Replication, names: Names): string {
  const row = (name: string, samples: readonly SyncFigures[]): string[] => {
    const middle = mediansOf(samples)
    if (middle === null) return [name, ...syncColumns.map(() => '-')]
    const times = [middle.seconds, middle.beforeMs, middle.duringMs, middle.maxMs, middle.hiccupMs]
    const figures = [...times, middle.starvedMs].map(value => fixed(value, 2))
    return [name, ...figures, megabytes(middle.oneBytes), megabytes(middle.fiveBytes)]
  }
  const rows = [row(names.subject, sync.subject), row(names.reference, sync.reference)]
  return markdownTable([`${grouped(keys)} keys`, ...syncColumns], rows)
}

const megabytes = (bytes: number): string => `${fixed(bytes / 2 ** 20, 1)} MB`
