/**
 * Amounts of memory, as people write them in the configuration and read them in INFO.
 *
 * Written: `100`, `100b`, `1k` (1000), `1kb` (1024), and likewise m and g, in any case; a missing number is 0.
 * Read: `1023B`, `1.50K`, `2.00M`, up to petabytes, always in powers of 1024.
 */
import { formatFixed } from './double.js'

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1000 ** 2,
  mb: 1024 ** 2,
  g: 1000 ** 3,
  gb: 1024 ** 3,
}

/** The number of bytes, or NaN when the text is no amount of memory. */
export function parseMemorySize(text: string): number {
  const match = /^([0-9]{0,127})(b|[kmg]b?)?$/i.exec(text)
  if (match === null) return NaN
  const [, digits, unit = ''] = match
  return Number(digits) * UNIT_BYTES[unit.toLowerCase()]
}

const HUMAN_UNITS = ['K', 'M', 'G', 'T', 'P']

/** The amount with two decimals and a unit, as INFO's `_human` fields show it. */
export function formatMemorySize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`
  let amount = bytes / 1024
  let unit = 0
  while (amount >= 1024 && unit < HUMAN_UNITS.length - 1) {
    amount /= 1024
    unit++
  }
  return formatFixed(amount, 2) + HUMAN_UNITS[unit]
}
