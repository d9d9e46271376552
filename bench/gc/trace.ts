/** What V8 printed about one collection under `--trace-gc`. */
export interface Collection {
  readonly kind: 'scavenge' | 'mark-compact'
  /** The longest time for which it stopped the program. */
  readonly pauseMs: number
}

/**
 *     [17673:0x35338c00]  1607 ms: Scavenge 4.5 (4.7) -> 4.2 (5.7) MB, 0.91 / 0.01 ms  (average mu = ...) task;
 *     [17673:0x35338c00]  2490 ms: Mark-Compact 157.1 (190.7) -> 42.4 (87.0) MB, 15.28 / 0.00 ms  (+ 26.3 ms in
 *       69 steps since start of marking, biggest step 16.2 ms, ...) ...      (one line)
 *
 * The number before the slash is the final pause. A mark-compact that marked in steps also paused for each of
 * them, and the biggest may be longer than the final one.
 */
const LINE =
  /^\[\d+:0x[0-9a-f]+\] +\d+ ms: (Scavenge|Mark-Compact)[^>]*-> [^,]*, ([\d.]+) \/ [\d.]+ ms(.*)$/gm
const BIGGEST_STEP = /biggest step ([\d.]+) ms/

export function parseTrace(text: string): Collection[] {
  return Array.from(text.matchAll(LINE), ([, name, final, rest]) => {
    const step = Number(BIGGEST_STEP.exec(rest)?.[1] ?? 0)
    const kind = name === 'Scavenge' ? 'scavenge' : 'mark-compact'
    return { kind, pauseMs: Math.max(Number(final), step) }
  })
}

export interface CollectionSummary {
  readonly count: number
  readonly longestMs: number
  readonly totalMs: number
}

/** `totalMs` counts one pause per collection. */
export function summarize(collections: readonly Collection[], kind: Collection['kind']): CollectionSummary {
  const pauses = collections.filter(one => one.kind === kind).map(one => one.pauseMs)
  const totalMs = pauses.reduce((sum, pause) => sum + pause, 0)
  return { count: pauses.length, longestMs: Math.max(0, ...pauses), totalMs }
}
