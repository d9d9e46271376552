/**
 * How much of the master's history is safe on our disk: what `REPLCONF FACK` tells.
 *
 * The append-only file counts bytes of its own, not those of the stream, and is synced when it suits it. So now and
 * then a pair is noted, (where the file's last effect ends, how far the history had come), and the pairs whose first
 * half has been synced say how far the disk is.
 *
 * A master that asks (GETACK) may wait for the disk, not only for the memory. What is not safe when it asks is owed, and
 * told when it is: it need not wait for what we say every second.
 */

/** Positions in the append-only file: all that was logged, and what of it is safe. */
export interface LogProgress {
  readonly appended: number
  readonly synced: number
}

interface Mark {
  readonly logged: number
  readonly offset: number
}

/** When there are so many marks every second one goes, and those that come are as far apart. */
const MARKS_MAX = 256

export class DiskOffset {
  private marks: Mark[] = []
  /** How far apart marks are, in bytes of the file. */
  private stride = 0
  private safe = 0
  /** Up to here the master has asked, and up to here it has been told. */
  private asked = 0
  private told = 0

  /** `log`: null while there is none that holds all the data. */
  constructor(private readonly log: () => LogProgress | null) {}

  /** The history has come to `offset`, and all its effects so far are logged. Answers how much is safe, to be told. */
  advance(offset: number): number | null {
    const log = this.log()
    if (log === null) return null
    this.note({ logged: log.appended, offset })
    this.look(log)
    this.told = this.safe
    return this.safe
  }

  /** The master waits for what it has been sent up to here. */
  ask(offset: number): void {
    this.asked = offset
  }

  /** More is safe than the master, which has asked, has been told. */
  owes(offset: number): boolean {
    const log = this.log()
    if (log === null || this.told >= this.asked) return false
    if (log.appended === log.synced) this.note({ logged: log.appended, offset })
    this.look(log)
    return this.safe > this.told
  }

  private note(mark: Mark): void {
    const { marks } = this
    const before = marks.at(-2)
    if (before !== undefined && mark.logged - before.logged < this.stride) marks.pop()
    if (marks.push(mark) < MARKS_MAX) return
    this.marks = marks.filter((_, at) => at % 2 === 1)
    this.stride = (2 * (mark.logged - marks[0].logged)) / MARKS_MAX
  }

  private look({ synced }: LogProgress): void {
    const { marks } = this
    let passed = 0
    while (passed < marks.length && marks[passed].logged <= synced) passed++
    if (passed > 0) this.safe = marks.splice(0, passed)[passed - 1].offset
    if (marks.length === 0) this.stride = 0
  }
}
