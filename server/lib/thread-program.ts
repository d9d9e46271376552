/** The thread's side of threads.ts. */

import { parentPort } from 'node:worker_threads'
import type { ThreadAnswer } from './threads.js'

/** Says what is to be answered to a task, and which of it goes without a copy. */
export type Answering<Task, Answer> = (task: Task) => {
  readonly answer: Answer
  readonly transfer: readonly ArrayBuffer[]
}

/** Answers every task that comes, in order. */
export function answerTasks<Task, Answer>(answering: Answering<Task, Answer>): void {
  const port = parentPort
  if (port === null) throw new Error('this is the program of a thread, not of a process')
  port.on('message', (task: Task) => {
    try {
      const { answer, transfer } = answering(task)
      port.postMessage({ answer } satisfies ThreadAnswer<Answer>, transfer)
    } catch (error) {
      port.postMessage({ error: String(error) } satisfies ThreadAnswer<Answer>)
    }
  })
}
