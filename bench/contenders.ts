/** What is measured: a command line that becomes a server when `--port N` and more is appended. */
export interface Contender {
  readonly name: string
  readonly command: readonly string[]
}

/** The two sides of a comparison; no reference where `redis-server` is not installed. */
export interface Pair<T> {
  readonly subject: T
  readonly reference: T | null
}

/** What each side measured, one entry per round; `reference` stays empty when there is none. */
export interface Runs<T> {
  readonly subject: readonly T[]
  readonly reference: readonly T[]
}

/**
 * Measures both sides in turn, and every other round in the opposite order. The machine's speed drifts (other
 * tenants, heat); what is a minute apart cannot be compared, what alternates drifts together. Changing the order
 * takes away the advantage of always going second.
 */
export async function alternate<C, T>(
  pair: Pair<C>,
  rounds: number,
  measure: (contender: C) => Promise<T>,
): Promise<Runs<T>> {
  const subject: T[] = []
  const reference: T[] = []
  const turns = [
    async () => subject.push(await measure(pair.subject)),
    async () => pair.reference !== null && reference.push(await measure(pair.reference)),
  ]
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? turns : turns.toReversed()
    for (const turn of order) await turn()
  }
  return { subject, reference }
}
