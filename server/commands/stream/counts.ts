/** Counts of deliveries: 64 bits, and no more than that. */

const INT64_MAX = 2n ** 63n - 1n

export function plusOne(count: number | bigint): number | bigint {
  if (typeof count === 'number') return count < Number.MAX_SAFE_INTEGER ? count + 1 : BigInt(count) + 1n
  return count === INT64_MAX ? count : count + 1n
}

export function minusOne(count: number | bigint): number | bigint {
  if (count == 0) return 0
  return typeof count === 'number' ? count - 1 : count - 1n
}
