/** Counts of deliveries: 64 bits, and no more than that. */

const INT64_MAX = 2n ** 63n - 1n

export function plusOne(count: number | bigint): number | bigint {
  if (typeof count === 'number') return count < Number.MAX_SAFE_INTEGER ? count + 1 : BigInt(count) + 1n
  return count === INT64_MAX ? count : count + 1n
}

export function minusOne(count: number | bigint): number | bigint {
  if (typeof count === 'number') return Math.max(0, count - 1)
  return count - 1n
}
