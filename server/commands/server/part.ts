/** What a server tells of itself and lets be done to it. */

import type { Part } from '../../engine/part.js'
import { commandCommand } from './command.js'
import { config } from './config.js'
import { followConfig } from './config-hooks.js'
import { debug } from './debug/debug.js'
import { info } from './info/info.js'
import { infoSections } from './info/sections.js'
import { latency } from './latency.js'
import { lolwut } from './lolwut.js'
import { memory } from './memory.js'
import { moduleCommand } from './module.js'
import { shutdown } from './shutdown.js'
import { commandLog, slowLog } from './slow-log.js'
import { time } from './time.js'

export const server: Part = {
  name: 'server',
  commands: [
    info,
    config,
    commandCommand,
    slowLog,
    commandLog,
    latency,
    memory,
    moduleCommand,
    time,
    lolwut,
    shutdown,
    debug,
  ],
  info: infoSections,
  install(engine) {
    followConfig(engine)
  },
  tick(engine, nowMs) {
    engine.stats.sample(nowMs, engine.clock.busyUs())
    engine.memory.notePeak()
  },
}
