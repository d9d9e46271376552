/**
 * What a server does for the first time, it does slowly: V8 interprets a function until it has been called some thousand
 * times, and then compiles it beside the loop. Where cores are few those threads take the loop's own from it, for 4 ms at
 * a time, and just when the clients begin to ask, or when a snapshot has begun; and code compiled for what was seen so far
 * is thrown away again when something else is seen.
 *
 * So a young server rehearses. It plays a script to an engine of its own, with what it will meet: the commons of strings, a
 * table with a directory, snapshots of every type while keys change. Nobody sees it: the stage has its own memory,
 * no socket, no file and no heartbeat, and it is left behind when the script is over. It is played in slices that take
 * as long as one slice of a snapshot: one after the other while nobody asks for anything, a few now and then while there
 * are clients, and not at all while they keep the loop busy: then it is they who have the code compiled.
 *
 * The script is narrow on purpose where it is about single commands: keys and values all of one length. Code that has seen
 * more of them is larger, and 5 % slower for those whose keys are all alike; what else comes can still be learnt then.
 *
 * Measured with two cores, 2 million keys and 20,000 writes a second: the first snapshot has 25 functions compiled rather
 * than 150 and none thrown away, takes a third less CPU, and the slowest PING in it 5 ms rather than 7 to 10. It costs half
 * a second of CPU, most of it beside the loop, and is over in 0.3 s where nobody asks for anything.
 */

import type { Engine } from '../engine/engine.js'
import type { Part } from '../engine/part.js'
import { PIPELINE, SCRIPT } from './script.js'
import { Stage } from './stage.js'

const SLICE_US = 500
/** Where there are clients: a tenth of the time. */
const REST_MS = 5
/** Whoever serves so many commands in a rest, 100,000 a second, has no time. */
const MANY = 500

/** Resolves when all has been played. `engine`: that of the server, whose clients come first. */
export async function rehearse(engine: Engine, parts: readonly Part[]): Promise<void> {
  const stage = new Stage(engine, parts)
  const pace = new Pace(engine)
  for (const { commands, rounds, snapshots } of SCRIPT) {
    for (let round = 0; round < rounds; round++) {
      for (const command of commands) {
        if (snapshots === true) stage.keepSaving()
        stage.play(command, PIPELINE)
        if (pace.isDue) await pace.rest()
      }
    }
  }
  stage.leave()
}

class Pace {
  private untilUs = 0
  private commandsSeen = 0

  constructor(private readonly engine: Engine) {}

  get isDue(): boolean {
    return this.engine.clock.monotonicUs() >= this.untilUs
  }

  /** Resolves when it may go on. */
  async rest(): Promise<void> {
    const { clock } = this.engine
    if (this.served() === 0) await new Promise<void>(resolve => clock.soon(resolve))
    else {
      do await new Promise<void>(resolve => void clock.after(REST_MS, resolve))
      while (this.served() >= MANY)
    }
    this.untilUs = clock.monotonicUs() + SLICE_US
  }

  /** Commands since it was asked last. */
  private served(): number {
    const { commands } = this.engine.stats
    const served = commands - this.commandsSeen
    this.commandsSeen = commands
    return served
  }
}
