import type { InfoSection } from '../../../engine/part.js'

export const modulesSection: InfoSection = { name: 'modules', default: true, fields: () => [] }

export const clusterSection: InfoSection = {
  name: 'cluster',
  default: true,
  fields: ({ mode }) => [['cluster_enabled', mode === 'cluster' ? 1 : 0]],
}

export const keyspaceSection: InfoSection = {
  name: 'keyspace',
  default: true,
  *fields({ keyspace }) {
    for (const { index, size, volatile, tables } of keyspace.databases) {
      if (size === 0) continue
      yield [
        `db${index}`,
        `keys=${size},expires=${volatile},avg_ttl=${Math.floor(tables.averageTtl)},subexpiry=0`,
      ]
    }
  },
}
