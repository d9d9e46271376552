import type { Family } from '../family.js'

export const transactions: Family = {
  name: 'transactions',
  weight: 2,
  makers: [
    () => ['MULTI'],
    () => ['EXEC'],
    () => ['EXEC'],
    () => ['EXEC'],
    () => ['DISCARD'],
    d => ['WATCH', ...d.several(2, () => d.anyKey())],
    () => ['UNWATCH'],
  ],
}
