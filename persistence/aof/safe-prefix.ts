/**
 * How much of the log is safe on disk: what WAITAOF, FACK and a backup trust.
 *
 * The obvious rule, what was written before a sync that succeeds, is wrong after one that failed. The kernel may have
 * dropped what it could not write and forgotten that it did (disk.ts), so the next sync of that file succeeds and proves
 * nothing. And whatever follows a hole is worth nothing either: a log is read from its beginning.
 *
 *      known good      in doubt: this file          clean, but behind a hole
 *     ------------|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|--------------------------
 *               safe                           doubtEnd             covered
 *
 * So after a failure `safe` stays where it is, and only a base can move it: it holds all that was logged before its instant,
 * whatever has become of the files of that time. When it begins behind the doubtful file the doubt is over, and what
 * syncs have covered since counts.
 *
 * Bytes that were given up, or had no file to go to, are in doubt like those of a sync that failed.
 *
 * Positions as those of the log file. Pure rules.
 */
export class SafePrefix {
  /** All before this position is safe. */
  safe = 0
  /** Syncs have succeeded up to here, whatever they prove. */
  covered = 0
  /** Where the last doubtful file ends, Infinity while it goes on; null: there is no doubt. */
  private doubtEnd: number | null = null

  get inDoubt(): boolean {
    return this.doubtEnd !== null
  }

  /** A sync of what was written before this position has succeeded. */
  synced(upTo: number): void {
    this.covered = Math.max(this.covered, upTo)
    if (!this.inDoubt) this.safe = this.covered
  }

  /** A sync of the present file has failed. */
  failed(): void {
    this.doubtEnd = Infinity
  }

  /** Something before this position is in no file. */
  gaveUp(position: number): void {
    this.doubtEnd = Math.max(this.doubtEnd ?? 0, position)
  }

  /** Another file goes on from here. */
  fileEnded(position: number): void {
    if (this.doubtEnd === Infinity) this.doubtEnd = position
  }

  /** A base is safe that holds all before this position, and a file that begins there. */
  rebased(position: number): void {
    this.covered = Math.max(this.covered, position)
    if (this.doubtEnd !== null && position >= this.doubtEnd) this.doubtEnd = null
    this.safe = Math.max(this.safe, this.inDoubt ? position : this.covered)
  }
}
