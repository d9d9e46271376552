import type { Aof } from '../aof/aof.js'
import { compare } from '../comparison.js'
import { grouped, range, times } from './format.js'
import { markdownTable } from './table.js'
import type { Names } from './tables.js'

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
