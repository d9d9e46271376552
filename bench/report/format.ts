/** Numbers as the tables print them. What was not measured is a dash, never a zero. */
const NOTHING = '-'

export function fixed(value: number | null, decimals: number): string {
  return value === null || !Number.isFinite(value) ? NOTHING : value.toFixed(decimals)
}

/** Whole, in groups of three digits. */
export function grouped(value: number | null): string {
  return value === null ? NOTHING : Math.round(value).toLocaleString('en-US')
}

export function times(ratio: number | null): string {
  return ratio === null ? NOTHING : `${ratio.toFixed(2)}x`
}

export function range(spread: readonly [number, number] | null): string {
  return spread === null ? NOTHING : `${spread[0].toFixed(2)}-${spread[1].toFixed(2)}`
}
