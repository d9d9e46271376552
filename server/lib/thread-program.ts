/** The thread's side of threads.ts. */

import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
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
  giveWay()
  port.on('message', (task: Task) => {
    try {
      const { answer, transfer } = answering(task)
      port.postMessage({ answer } satisfies ThreadAnswer<Answer>, transfer)
    } catch (error) {
      port.postMessage({ error: String(error) } satisfies ThreadAnswer<Answer>)
    }
  })
}

/** What it does can wait; the loop, and the clients that want an answer, should not wait for it when cores are few. */
const NICENESS = 10

/** On Linux each thread has a priority, under its own number. Elsewhere it would be that of the whole process. */
function giveWay(): void {
  try {
    const [, , thread] = readlinkSync('/proc/thread-self').split('/')
    setPriority(Number(thread), NICENESS)
  } catch {
    // No Linux, or not allowed: then it is a thread as any other.
  }
}
