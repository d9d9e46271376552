import type { Family } from '../family.js'

export const hyperloglogs: Family = {
  name: 'hyperloglogs',
  weight: 1,
  makers: [
    d => ['PFADD', d.key('hll'), ...d.several(6, () => d.member())],
    d => ['PFADD', d.key('hll'), ...d.several(20, () => `${d.below(5000)}`)],
    d => ['PFADD', d.key('hll')],
    d => ['PFCOUNT', ...d.keys('hll')],
    d => ['PFMERGE', ...d.keys('hll')],
    d => ['GET', d.key('hll')],
  ],
}
