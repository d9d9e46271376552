/** The thread's side of threads.ts. */

import { parentPort } from 'node:worker_threads'
import type { ThreadAnswer } from './threads.js'

/** Answers every task that comes, in order, with what `answering` makes of it. */
export function answerTasks(answering: (task: never) => unknown): void {
  const port = parentPort
  if (port === null) throw new Error('this is the program of a thread, not of a process')
  port.on('message', (task: unknown) => {
    try {
      port.postMessage({ answer: answering(task as never) } satisfies ThreadAnswer<unknown>)
    } catch (error) {
      port.postMessage({ error: String(error) } satisfies ThreadAnswer<unknown>)
    }
  })
}
