import type { Runs } from './contenders.js'
import { median, medians, ratio } from './statistics.js'

/** One figure of both sides. */
export interface Comparison {
  /** Medians over the rounds; `reference` is null where nothing was measured to compare to. */
  readonly subject: number
  readonly reference: number | null
  /** Ratio of the two medians. */
  readonly ratio: number | null
  /** Smallest and largest ratio within one round: how far to trust the third digit. */
  readonly spread: readonly [smallest: number, largest: number] | null
}

export function compare<T>(runs: Runs<T>, figureOf: (figures: T) => number): Comparison {
  const [subjects, references] = [runs.subject.map(figureOf), runs.reference.map(figureOf)]
  const subject = median(subjects)
  if (references.length === 0) return { subject, reference: null, ratio: null, spread: null }
  const reference = median(references)
  return { subject, reference, ratio: ratio(subject, reference), spread: spreadOf(subjects, references) }
}

function spreadOf(subjects: readonly number[], references: readonly number[]): Comparison['spread'] {
  const ratios = subjects.map((subject, round) => ratio(subject, references[round]))
  const usable = ratios.filter(one => one !== null)
  return usable.length === 0 ? null : [Math.min(...usable), Math.max(...usable)]
}

/** The medians of one side, or null where it has no runs. */
export function mediansOf<T extends Readonly<Record<keyof T, number>>>(
  samples: readonly T[],
): Readonly<Record<keyof T & string, number>> | null {
  return samples.length === 0 ? null : medians<keyof T & string>(samples)
}
