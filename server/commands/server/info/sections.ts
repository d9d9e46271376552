import type { InfoSection } from '../../../engine/part.js'
import { clientsSection } from './clients.js'
import { commandStatsSection, errorStatsSection, latencyStatsSection } from './commands.js'
import { cpuSection } from './cpu.js'
import { gcSection } from './gc.js'
import { clusterSection, keyspaceSection, modulesSection } from './keyspace.js'
import { memorySection } from './memory.js'
import { persistenceSection } from './persistence.js'
import { serverSection } from './server.js'
import { statsSection } from './stats.js'

export const infoSections: readonly InfoSection[] = [
  serverSection,
  clientsSection,
  memorySection,
  persistenceSection,
  statsSection,
  cpuSection,
  modulesSection,
  commandStatsSection,
  errorStatsSection,
  latencyStatsSection,
  clusterSection,
  keyspaceSection,
  gcSection,
]
