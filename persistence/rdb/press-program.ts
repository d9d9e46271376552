/** What the thread of a PressThread runs. */

import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import { answerTasks } from '../../server/lib/thread-program.js'
import { CHECKSUM_BYTES, DirectPress } from './press.js'
import type { PressTask } from './press-thread.js'

type Pressing = (task: PressTask) => number

function pressing(): Pressing {
  let press: DirectPress | null = null
  let current = NaN
  return task => {
    if (press === null || task.file !== current) press = new DirectPress(task.form)
    current = task.file
    return press.press({ ...task, mem: new Mem(task.bytes) })
  }
}

const REHEARSALS = 400
const STRINGS = 36

/**
 * Presses what nobody wants, until V8 has compiled how. It compiles for what it has seen, so this is of all kinds: what
 * is too short to compress, what does not get shorter, what has a long length; in tasks as they come through a port.
 */
function rehearse(press: Pressing): void {
  const writer = new ValueWriter('later', 'shared')
  for (let round = 0; round < REHEARSALS; round++) {
    for (let i = 0; i < STRINGS; i++) writer.string(Span.of(textOf(round * STRINGS + i)))
    writer.reserve(CHECKSUM_BYTES)
    const { mem, length, marks } = writer.detach()
    const bytes = mem.dv.buffer as SharedArrayBuffer
    const last = round % 8 === 7
    press(structuredClone<PressTask>({ bytes, length, marks, last, form: 'sum', file: round >> 3 }))
  }
}

const LONG_EVERY = 400
const WORDS = 'is written down again, and so is what was written down before it, '

/** Between 1 and 160 bytes, now and then 20,000. A third of it is noise. */
function textOf(number: number): string {
  const noise = Math.imul(number + 1, 0x9e3779b1) >>> 0
  if (number % LONG_EVERY === 0) return WORDS.repeat(300) + String(noise)
  if (number % 3 === 0)
    return String.fromCharCode(...Array.from({ length: noise % 40 }, (_, i) => (noise >>> (i % 25)) & 0x7f))
  return `${noise} ${WORDS}${WORDS}`.slice(0, 1 + (noise % 160))
}

const press = pressing()
rehearse(press)
answerTasks(press)
