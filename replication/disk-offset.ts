/**
 * How much of the master's history is safe on our disk: what `REPLCONF FACK` tells.
 *
 * The append-only file counts bytes of its own, not those of the stream, and is synced when it suits it. So now and
 * then a pair is noted, (where the file's last effect ends, how far the history had come), and the pairs whose first
 * half has been synced say how far the disk is.
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

/** With more marks than this the last one moves on. */
const MARKS_MAX = 16

export class DiskOffset {
  private readonly marks: Mark[] = []
  private safe = 0

  /** The history has come to `offset`, and all its effects so far are logged. Answers how much of it is safe. */
  advance({ appended, synced }: LogProgress, offset: number): number {
    const { marks } = this
    if (marks.length === MARKS_MAX) marks.pop()
    marks.push({ logged: appended, offset })
    while (marks.length > 0 && marks[0].logged <= synced) this.safe = marks.shift()?.offset ?? this.safe
    return this.safe
  }
}
