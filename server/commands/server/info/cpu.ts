import type { InfoSection } from '../../../engine/part.js'
import { formatFixed } from '../../../lib/double.js'

export const cpuSection: InfoSection = {
  name: 'cpu',
  default: true,
  *fields({ facts }) {
    const all = facts.cpuTime()
    const main = facts.mainThreadCpuTime()
    yield ['used_cpu_sys', seconds(all.systemUs)]
    yield ['used_cpu_user', seconds(all.userUs)]
    yield ['used_cpu_sys_children', seconds(0)]
    yield ['used_cpu_user_children', seconds(0)]
    yield ['used_cpu_sys_main_thread', seconds(main.systemUs)]
    yield ['used_cpu_user_main_thread', seconds(main.userUs)]
  },
}

function seconds(us: number): string {
  return formatFixed(us / 1e6, 6)
}
