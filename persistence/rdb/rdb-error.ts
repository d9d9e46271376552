/** Why a file cannot be read as RDB, and where. */
export class RdbError extends Error {
  constructor(
    readonly file: string,
    /** Of the part that is wrong. */
    readonly offset: number,
    readonly reason: string,
    /** The sentence of Redis for it, for the log. */
    readonly sentence: string,
  ) {
    super(`${reason} (at byte ${offset} of ${file})`)
    this.name = 'RdbError'
  }
}
