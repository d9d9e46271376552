/** Something that is to happen at a moment of virtual time. */
export interface Appointment {
  dueUs: number
  /** Its number in the order of asking: of two that are due together the earlier asked goes first. */
  order: number
  /** In the queue, and neither taken out nor cancelled. */
  waiting: boolean
  run(): void
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.dueUs === b.dueUs ? a.order < b.order : a.dueUs < b.dueUs
}

/**
 * Appointments in the order in which they fall due: a binary heap.
 *
 * A cancelled appointment stays until it comes to the top, so cancelling costs nothing. Servers cancel most of
 * their timers (a timeout is set in order not to happen), hence the sweep once they are the majority.
 */
export class TimerQueue {
  private heap: Appointment[] = []
  private cancelled = 0

  add(one: Appointment): void {
    one.waiting = true
    this.heap.push(one)
    this.rise(this.heap.length - 1)
  }

  cancel(one: Appointment): void {
    if (!one.waiting) return
    one.waiting = false
    if (++this.cancelled * 2 > this.heap.length) this.sweep()
  }

  /** The next appointment, left in its place. */
  peek(): Appointment | undefined {
    while (this.heap.length > 0 && !this.heap[0].waiting) {
      this.cancelled--
      this.removeTop()
    }
    return this.heap[0]
  }

  /** Takes the next appointment out. */
  take(): Appointment | undefined {
    const next = this.peek()
    if (next === undefined) return undefined
    next.waiting = false
    this.removeTop()
    return next
  }

  private sweep(): void {
    this.heap = this.heap.filter(one => one.waiting)
    this.cancelled = 0
    for (let i = (this.heap.length >>> 1) - 1; i >= 0; i--) this.sink(i)
  }

  private removeTop(): void {
    const last = this.heap.pop()!
    if (this.heap.length === 0) return
    this.heap[0] = last
    this.sink(0)
  }

  private rise(index: number): void {
    const one = this.heap[index]
    while (index > 0) {
      const parent = (index - 1) >>> 1
      if (!isBefore(one, this.heap[parent])) break
      this.heap[index] = this.heap[parent]
      index = parent
    }
    this.heap[index] = one
  }

  private sink(index: number): void {
    const one = this.heap[index]
    for (;;) {
      const child = this.earlierChild(index)
      if (child === -1 || !isBefore(this.heap[child], one)) break
      this.heap[index] = this.heap[child]
      index = child
    }
    this.heap[index] = one
  }

  private earlierChild(index: number): number {
    const left = 2 * index + 1
    if (left >= this.heap.length) return -1
    const right = left + 1
    return right < this.heap.length && isBefore(this.heap[right], this.heap[left]) ? right : left
  }
}
