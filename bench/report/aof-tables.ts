import type { Aof, LoggedFigures } from '../aof/aof.js'
import { compare, mediansOf } from '../comparison.js'
import { fixed, grouped, range, times } from './format.js'
import { markdownTable } from './table.js'
import type { Names } from './tables.js'

export function loggedTable({ logged }: Aof, names: Names): string {
  const row = (name: string, samples: readonly LoggedFigures[]): string[] => {
    const middle = mediansOf(samples)
    if (middle === null) return [name, '-', '-', '-']
    return [name, fixed(middle.withoutUs, 2), fixed(middle.withUs, 2), times(middle.ratio)]
  }
  const rows = [row(names.subject, logged.subject), row(names.reference, logged.reference)]
  return markdownTable(['server', 'without a log', 'everysec', 'ratio'], rows)
}

export function logSpeedTable({ always, replay, keys }: Aof, { subject, reference }: Names): string {
  const speeds = [
    ['SET P1, always, requests/s', compare(always, figures => figures.requestsPerSecond)],
    [`replay of ${grouped(keys)} SETs, keys/s`, compare(replay, figures => figures.keysPerSecond)],
  ] as const
  return markdownTable(
    ['what', subject, reference, 'ratio', 'ratio of each round'],
    speeds.map(([name, speed]) => [
      name,
      ...[grouped(speed.subject), grouped(speed.reference), times(speed.ratio), range(speed.spread)],
    ]),
  )
}
