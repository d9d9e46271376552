/** What the thread of a PressThread runs. */

import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Span } from '../../server/lib/bytes.js'
import { type Answering, answerTasks } from '../../server/lib/thread-program.js'
import { DirectPress } from './press.js'
import type { PressAnswer, PressTask } from './press-thread.js'

function pressing(): Answering<PressTask, PressAnswer> {
  let press: DirectPress | null = null
  let current = NaN
  return task => {
    if (press === null || task.file !== current) press = new DirectPress(task.form)
    current = task.file
    const { buffer, length } = press.press(task)
    return { answer: { bytes: buffer, length }, transfer: [buffer] }
  }
}

/** Presses what nobody wants, until V8 has compiled how. */
const REHEARSALS = 24
const STRINGS = 500

function rehearse(): void {
  const press = new DirectPress('sum')
  const writer = new ValueWriter('later')
  for (let round = 0; round < REHEARSALS; round++) {
    for (let i = 0; i < STRINGS; i++)
      writer.string(Span.of(`${i * round} is written down, and so is ${i} and ${round}, again and again`))
    const { buffer, length, marks } = writer.detach()
    press.press({ bytes: buffer, length, marks, last: false })
  }
}

rehearse()
answerTasks(pressing())
