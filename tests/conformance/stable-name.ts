import { keyOf, type TestId } from './test-id.js'

/**
 * Some tests are not called the same, or not run equally often, in every run; a list of names can only be compared
 * after that is taken away.
 */
const variableParts: readonly (readonly [RegExp, string])[] = [
  // Sentinel tests name the port of the chosen master.
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  // PSYNC2 draws its layouts and its load at random.
  [/\(x = \d+\)/g, '(x = N)'],
  [/\bSet #\d+ (to replicate from) #\d+/g, 'Set #N $1 #N'],
  [/\bSet #\d+ as master/g, 'Set #N as master'],
  [/--- CYCLE \d+ ---/g, '--- CYCLE N ---'],
]

export function stableName(name: string): string {
  return variableParts.reduce((stable, [part, standIn]) => stable.replace(part, standIn), name)
}

/** Units with a loop that ends by the clock: how often its tests run says how fast the machine is, no more. */
const clockedUnits: ReadonlySet<string> = new Set([
  'integration/psync2',
  'integration/psync2-reg',
  'integration/replication-4',
])

/** The tests one can ask for by count: those of clocked units once each. */
export function countable<T extends TestId>(tests: readonly T[]): T[] {
  const seen = new Set<string>()
  return tests.filter(test => {
    const repeated = clockedUnits.has(test.unit) && seen.has(keyOf(test))
    seen.add(keyOf(test))
    return !repeated
  })
}
