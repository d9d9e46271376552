/**
 * The door to the priorities of threads. On Linux each thread has its own, under its own number; elsewhere they would be
 * the whole process's, so nothing is done there.
 */

import { readdirSync, readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Work of this niceness gets a tenth of a core that somebody else wants. */
const NICENESS = 10
/** V8 has four that compile and collect, and one that wakes them. They are the first that a process makes. */
const V8_THREADS = 5

/** What the calling thread does can wait. */
export function giveWay(): void {
  attempt(() => {
    const [, , thread] = readlinkSync('/proc/thread-self').split('/')
    setPriority(Number(thread), NICENESS)
  })
}

/**
 * What V8 does beside us can wait. Where cores are few, its compiling of a young server took them from the loop and its
 * clients: with two cores and 5 million insertions the slowest PING took 13 ms, and takes 8 now.
 */
export function letV8GiveWay(): void {
  attempt(() => {
    const threads = readdirSync('/proc/self/task').map(Number)
    const others = threads.filter(thread => thread !== process.pid).sort((a, b) => a - b)
    for (const thread of others.slice(0, V8_THREADS)) setPriority(thread, NICENESS)
  })
}

/** No Linux, or not allowed: then threads are as they are. */
function attempt(change: () => void): void {
  try {
    change()
  } catch {
    return
  }
}
