/** What the thread of a ThreadPress runs. */

import { type Answering, answerTasks } from '../../server/lib/thread-program.js'
import { DirectPress } from './press.js'
import type { PressAnswer, PressTask } from './thread-press.js'

function pressing(): Answering<PressTask, PressAnswer> {
  let press: DirectPress | null = null
  return task => {
    press ??= new DirectPress(task.form)
    const { buffer, length } = press.press(task)
    return { answer: { bytes: buffer, length }, transfer: [buffer] }
  }
}

answerTasks(pressing())
