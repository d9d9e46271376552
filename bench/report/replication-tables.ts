import { mediansOf } from '../comparison.js'
import type { Replication, SyncFigures } from '../replication/replication.js'
import { fixed, grouped } from './format.js'
import { markdownTable } from './table.js'
import type { Names } from './tables.js'

const syncColumns = [
  ...['seconds', 'p99.9 of PING before', 'during', 'p100', 'hiccup', 'starved'],
  ...['memory for one replica', 'for five'],
]

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
