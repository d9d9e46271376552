/**
 * Glob patterns over bytes, as KEYS, SCAN MATCH and PSUBSCRIBE know them: `*`, `?`, `[a-z]`, `[^...]`, `\x`.
 *
 * The obvious matcher recurses at every star and tries each suffix, so `a*a*a*...b` against a text of a's takes
 * time exponential in the stars: one client stops the server. The remedy is a known fact: once the part between
 * two stars has matched somewhere, an earlier star never needs to give way again, since whatever the later star
 * could reach from there it can reach from here. So only the last star is remembered, and a mismatch moves its
 * part one byte on: at most pattern x text steps, no recursion.
 *
 * A pattern is compiled once and then run over a million keys, so compilation takes everything it can out of the
 * loop: each element becomes one number (a byte, ANY, STAR, or a class), a class a table of 256 answers, runs of
 * stars one star. Ignoring case then costs nothing: a letter is a class of two.
 *
 * The corners are Redis' own, and tests/server/lib/glob.test.ts asks a real server about them:
 * - Only the empty pattern matches the empty text; `*` does not.
 * - An unclosed class ends with the pattern; `[` alone matches nothing, `[^` any byte.
 * - In a range the byte after the dash is its end whatever it is, `]` included; ends may come in either order and
 *   compare as signed bytes. A byte escaped within a class keeps its case even when case is ignored.
 * - Beyond a thousand stars a pattern matches nothing.
 */
import type { Span } from './bytes.js'

const STAR_BYTE = 42
const QUESTION = 63
const OPEN = 91
const CLOSE = 93
const BACKSLASH = 92
const CARET = 94
const DASH = 45

/** Steps below 256 are bytes to equal; the class at index i is the step FIRST_CLASS + i. */
const ANY = 256
const STAR = 257
const FIRST_CLASS = 258

const STARS_MAX = 1000

/** A table of 256 answers: 1 where the byte belongs to the class. */
type ByteClass = Uint8Array

export class Glob {
  /** True for the pattern `*`, which KEYS and SCAN take for "no pattern": it includes the empty key. */
  readonly isStar: boolean
  private readonly steps: Int32Array
  private readonly classes: ByteClass[]

  constructor(pattern: Span, ignoreCase = false) {
    const compiler = new Compiler(pattern.bytes(), ignoreCase)
    this.isStar = pattern.length === 1 && pattern.at(0) === STAR_BYTE
    this.classes = compiler.classes
    this.steps = Int32Array.from(compiler.steps())
  }

  /** The one text that matches, when the pattern has no special bytes; otherwise null. */
  get literal(): Buffer | null {
    return this.steps.every(step => step < ANY) ? Buffer.from(this.steps) : null
  }

  /** What every matching text begins with. */
  get prefix(): Buffer {
    const special = this.steps.findIndex(step => step >= ANY)
    return Buffer.from(special < 0 ? this.steps : this.steps.subarray(0, special))
  }

  matches(text: Span): boolean {
    return this.matchesAt(text.mem.u8, text.start, text.length)
  }

  matchesAt(u8: Uint8Array, start: number, length: number): boolean {
    const steps = this.steps
    const count = steps.length
    if (length === 0) return count === 0
    const end = start + length
    let step = 0
    let at = start
    let afterStar = -1
    let retryAt = 0
    let stars = 0
    while (at < end) {
      const wanted = step < count ? steps[step] : -1
      if (wanted === u8[at] || (wanted >= ANY && wanted !== STAR && this.accepts(wanted, u8[at]))) {
        step++
        at++
      } else if (wanted === STAR) {
        if (step + 1 === count) return true
        if (++stars > STARS_MAX) return false
        afterStar = ++step
        retryAt = at
      } else {
        if (afterStar < 0) return false
        step = afterStar
        at = ++retryAt
      }
    }
    return step === count || (step + 1 === count && steps[step] === STAR)
  }

  private accepts(step: number, byte: number): boolean {
    return step === ANY || this.classes[step - FIRST_CLASS][byte] === 1
  }
}

/** One match of one pattern, for callers that will not use it again. */
export function globMatches(pattern: Span, text: Span, ignoreCase = false): boolean {
  return new Glob(pattern, ignoreCase).matches(text)
}

/** Reads a pattern from left to right into steps. */
class Compiler {
  readonly classes: ByteClass[] = []
  private at = 0

  constructor(
    private readonly pattern: Uint8Array,
    private readonly ignoreCase: boolean,
  ) {}

  *steps(): Generator<number> {
    while (this.at < this.pattern.length) {
      const byte = this.pattern[this.at++]
      if (byte === STAR_BYTE) {
        while (this.pattern[this.at] === STAR_BYTE) this.at++
        yield STAR
      } else if (byte === QUESTION) yield ANY
      else if (byte === OPEN) yield this.classStep(this.readClass())
      else yield this.byteStep(byte === BACKSLASH ? this.escaped() : byte)
    }
  }

  /** The byte after a backslash; a backslash at the end stands for itself. */
  private escaped(): number {
    return this.at < this.pattern.length ? this.pattern[this.at++] : BACKSLASH
  }

  private byteStep(byte: number): number {
    if (!this.ignoreCase || !isLetter(byte)) return byte
    const both = new Uint8Array(256)
    both[byte | 32] = both[byte & ~32] = 1
    return this.classStep(both)
  }

  private classStep(members: ByteClass): number {
    return FIRST_CLASS + this.classes.push(members) - 1
  }

  /** Reads what follows `[`, the closing bracket included. */
  private readClass(): ByteClass {
    const pattern = this.pattern
    const members = new Uint8Array(256)
    const negated = pattern[this.at] === CARET
    if (negated) this.at++
    while (this.at < pattern.length) {
      const byte = pattern[this.at++]
      if (byte === BACKSLASH && this.at < pattern.length) members[pattern[this.at++]] = 1
      else if (byte === CLOSE) break
      else if (pattern[this.at] === DASH && this.at + 1 < pattern.length) {
        this.addRange(members, byte, pattern[this.at + 1])
        this.at += 2
      } else this.addByte(members, byte)
    }
    return negated ? members.map(member => 1 - member) : members
  }

  private addByte(members: ByteClass, byte: number): void {
    members[byte] = 1
    if (this.ignoreCase && isLetter(byte)) members[byte ^ 32] = 1
  }

  /** Ends are put in order first and folded to lower case then, as Redis does: `[Z-a]` without case is `[z-a]`. */
  private addRange(members: ByteClass, one: number, other: number): void {
    const low = this.fold(Math.min(signed(one), signed(other)))
    const high = this.fold(Math.max(signed(one), signed(other)))
    for (let byte = 0; byte < 256; byte++) {
      const place = this.fold(signed(byte))
      if (place >= low && place <= high) members[byte] = 1
    }
  }

  private fold(byte: number): number {
    return this.ignoreCase && byte >= 65 && byte <= 90 ? byte | 32 : byte
  }
}

/** The byte as C's signed char. */
function signed(byte: number): number {
  return (byte << 24) >> 24
}

function isLetter(byte: number): boolean {
  const lower = byte | 32
  return lower >= 97 && lower <= 122 && byte < 128
}
