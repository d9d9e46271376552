/**
 * What a server does for the first time, it does slowly: V8 interprets a function until it has been called some thousand
 * times, and then compiles it beside the loop. Where cores are few those threads take the loop's own from it, for 4 ms at
 * a time, and just when the clients begin to ask, or when a snapshot has begun; and code compiled for what was seen so far
 * is thrown away again when something else is seen.
 *
 * So a young server rehearses. It plays a script to an engine of its own, with what it will meet: the commons of strings,
 * snapshots of every type while keys change, replicas that come and follow. Nobody sees it: the stage has its own memory,
 * no socket, and files in memory only, and it is left behind when the script is over. It is played at once, in slices, and
 * V8's threads give way to others only from its end on, or as soon as somebody asks for something. Then it stands still
 * until nobody does, and three seconds after its beginning it is given up: a server that is busy from its first moment learns
 * from that, and a rehearsal among what clients ask for made them wait for 30 ms.
 *
 * The script is narrow on purpose where it is about single commands: keys and values all of one length. Code that has seen
 * more of them is larger, and 5 % slower for those whose keys are all alike; what else comes can still be learnt then.
 *
 * Measured with two cores, 2 million keys and 20,000 writes a second: the first snapshot has 25 functions compiled rather
 * than 150 and none thrown away, takes a third less CPU, and the slowest PING in it 4 ms rather than 7 to 10; the first
 * full synchronization has 36 compiled rather than 65, in 0.14 s of the threads' time rather than 0.34 s. The rehearsal
 * costs 0.8 s of CPU, most of it beside the loop, and is over 0.4 s after the start where nobody comes.
 */

import type { Engine } from '../engine/engine.js'
import type { Part } from '../engine/part.js'
import { PIPELINE, type Scene, SCRIPT } from './script.js'
import { Stage } from './stage.js'

/** Who comes in these first moments waits so long at most, */
const SLICE_US = 2000
/** and then the rehearsal stands still until nobody has asked for anything for so long. */
const QUIET_MS = 300
/** So long after the start it ends, over or not: a server with clients has learnt from them. */
const LENGTH_MAX_US = 3_000_000

/**
 * Resolves when all has been played, or there is no more time for it. `engine`: that of the server. `giveWay`: called when
 * clients ask for something meanwhile: they come first.
 */
export async function rehearse(engine: Engine, parts: readonly Part[], giveWay: () => void): Promise<void> {
  const stage = new Stage(engine, parts)
  try {
    await playAll(stage, engine, giveWay)
  } finally {
    stage.leave()
  }
}

async function playAll(stage: Stage, { clock, stats }: Engine, giveWay: () => void): Promise<void> {
  const endUs = clock.monotonicUs() + LENGTH_MAX_US
  let sliceEndUs = 0
  let seen = stats.commands
  for (const line of lines()) {
    play(stage, line)
    // What is done in promises goes on.
    await Promise.resolve()
    if (clock.monotonicUs() < sliceEndUs) continue
    await new Promise<void>(resolve => clock.soon(resolve))
    if (stats.commands !== seen) giveWay()
    while (stats.commands !== seen && clock.monotonicUs() < endUs) {
      seen = stats.commands
      await new Promise<void>(resolve => clock.after(QUIET_MS, resolve))
    }
    sliceEndUs = clock.monotonicUs() + SLICE_US
    if (sliceEndUs >= endUs) return
  }
}

interface Line {
  readonly command: string
  readonly scene: Scene
}

function play(stage: Stage, { command, scene }: Line): void {
  if (scene.snapshots === true) stage.keepSaving()
  if (scene.followed === true) stage.keepFollowed()
  stage.play(command, scene.pipeline ?? PIPELINE)
}

/** The script, command by command. */
function* lines(): Generator<Line> {
  for (const scene of SCRIPT) {
    for (let round = 0; round < scene.rounds; round++)
      for (const command of scene.commands) yield { command, scene }
  }
}
