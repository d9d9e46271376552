/** The middle value; between two middle values, their mean. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >>> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median of each figure by itself: the row it makes need not have happened in any one run. */
export function medians<K extends string>(
  samples: readonly Readonly<Record<K, number>>[],
): Record<K, number> {
  const keys = Object.keys(samples[0] ?? {}) as K[]
  const figures = keys.map(key => [key, median(samples.map(sample => sample[key]))] as const)
  return Object.fromEntries(figures) as Record<K, number>
}

/**
 * `figure / reference`, or null where one of them is not above zero: a server whose CPU clock did not tick once
 * was measured too briefly, it is not infinitely fast.
 */
export function ratio(figure: number, reference: number): number | null {
  const usable = figure > 0 && reference > 0 && Number.isFinite(figure) && Number.isFinite(reference)
  return usable ? figure / reference : null
}
