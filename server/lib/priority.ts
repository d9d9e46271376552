/**
 * The door to the priorities of threads. On Linux each thread has its own, under its own number; elsewhere they would be
 * the whole process's, so nothing is done there.
 */

import { existsSync, readdirSync } from 'node:fs'
import { setPriority } from 'node:os'

const TASKS = '/proc/self/task'
/** Work of this niceness gets a tenth of a core that somebody else wants. */
const NICENESS = 10
/** V8 has four that compile and collect, and one that wakes them. They are the first that a process makes. */
const V8_THREADS = 5

/** Does what starts a thread. What that thread does can wait, its own start included. */
export function givingWay<T>(start: () => T): T {
  const before = new Set(threads())
  const started = start()
  attempt(() => {
    for (const thread of threads()) if (!before.has(thread)) setPriority(thread, NICENESS)
  })
  return started
}

/**
 * What V8 does beside us can wait. Where cores are few, its compiling of a young server took them from the loop and its
 * clients: with two cores and 5 million insertions the slowest PING took 13 ms, and takes 8 now.
 */
export function letV8GiveWay(): void {
  attempt(() => {
    const others = threads()
      .filter(thread => thread !== process.pid)
      .sort((a, b) => a - b)
    for (const thread of others.slice(0, V8_THREADS)) setPriority(thread, NICENESS)
  })
}

/** The numbers of the process's threads; none where they have none. */
function threads(): number[] {
  return existsSync(TASKS) ? readdirSync(TASKS).map(Number) : []
}

/** No Linux, or not allowed: then threads are as they are. */
function attempt(change: () => void): void {
  try {
    change()
  } catch {
    return
  }
}
