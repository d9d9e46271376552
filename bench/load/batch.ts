/** Stands for twelve digits that each sending fills anew, as in redis-benchmark. */
export const HOLE = '__rand_int__'

/** A pipeline of equal requests, or of some that take turns, encoded once. Filling it writes digits and allocates nothing. */
export class Batch {
  readonly requests: number
  readonly bytes: Buffer
  private readonly holes: readonly number[]

  constructor(turns: readonly string[], requests: number) {
    const text = Array.from({ length: requests }, (_, i) => turns[i % turns.length]).join('')
    this.requests = requests
    this.bytes = Buffer.from(text, 'latin1')
    this.holes = Array.from(text.matchAll(new RegExp(HOLE, 'g')), match => match.index)
  }

  /** Puts a number of `next` into each hole. The bytes must not be on their way to a socket any more. */
  fill(next: () => number): Buffer {
    for (const hole of this.holes) this.writeDigits(hole, next())
    return this.bytes
  }

  private writeDigits(at: number, value: number): void {
    let rest = value
    for (let i = at + HOLE.length - 1; i >= at; i--) {
      const tenth = Math.floor(rest / 10)
      this.bytes[i] = 48 + rest - tenth * 10
      rest = tenth
    }
  }
}
