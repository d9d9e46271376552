import type { Random } from '../../../server/lib/random.js'

/**
 * What commands are made of, drawn by chance from a seed. The stock is small on purpose: keys, fields and values must
 * meet again for anything to happen to them. Words are latin1.
 */

/** What a key is meant to hold. Now and then any command meets any key. */
export type Kind = 'string' | 'bits' | 'hll' | 'list' | 'set' | 'hash' | 'zset' | 'lex' | 'geo' | 'stream'

/** All but `lex` and `geo`, which are kept apart: sorted sets whose scores are all 0, or places. */
const KINDS: readonly Kind[] = ['string', 'bits', 'hll', 'list', 'set', 'hash', 'zset', 'stream']
const KEYS_PER_KIND = 4

/** Where 32 and 64 bits end. */
const EDGES = [
  '9223372036854775807',
  '-9223372036854775808',
  '-9223372036854775807',
  '4294967295',
  '-4294967296',
  '2147483648',
] as const

/** Far enough away that nothing expires while a trial lasts, in seconds. */
const FAR_SECONDS = 1_000_000
/** The year 2100: behind every time that is counted from now. */
const LATER_SECONDS = 4_102_444_800

export class Draw {
  constructor(readonly random: Random) {}

  below(n: number): number {
    return this.random.below(n)
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.random.below(n) === 0
  }

  pick<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)]
  }

  /** The words, or mostly none. */
  maybe(...words: readonly string[]): readonly string[] {
    return this.once(3) ? words : []
  }

  /** One to `most` of what `make` makes. */
  several<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make)
  }

  key(kind: Kind): string {
    const meant = KINDS.includes(kind) && this.once(15) ? this.pick(KINDS) : kind
    return `${meant}:${this.below(KEYS_PER_KIND)}`
  }

  /** A key of whatever kind. */
  anyKey(): string {
    return this.key(this.pick(KINDS))
  }

  keys(kind: Kind): string[] {
    return this.several(4, () => this.key(kind))
  }

  /** The number of keys and the keys. */
  countedKeys(kind: Kind): string[] {
    const keys = this.keys(kind)
    return [`${keys.length}`, ...keys]
  }

  /** A name within a collection. */
  member(): string {
    if (this.once(12)) return this.value()
    return this.pick(['', 'm', 'f']) + `${this.below(24)}`
  }

  value(): string {
    switch (this.below(8)) {
      case 0:
        return this.integer()
      case 1:
        return this.double()
      case 2:
        return 'x'.repeat(this.below(100))
      case 3:
        return Array.from({ length: this.below(12) }, () => String.fromCharCode(this.below(256))).join('')
      default:
        return this.pick([
          '',
          'a',
          'b',
          'hello',
          'hello world',
          '0',
          '1',
          '-1',
          '10',
          'foo',
          'bar',
          '\r\n',
          '\xff',
        ])
    }
  }

  /** Mostly small; any int64 and what is just beyond. */
  integer(): string {
    if (!this.once(6)) return `${this.below(20) - 5}`
    return this.pick([
      '9223372036854775807',
      '-9223372036854775808',
      '9223372036854775808',
      '4294967296',
      '-2147483649',
      `${this.random.uint32()}`,
    ])
  }

  /** A place in a sequence, counted from either end. */
  index(): string {
    if (this.once(25)) return this.pick(EDGES)
    return `${this.below(24) - 12}`
  }

  count(): string {
    return this.once(10) ? this.integer() : `${this.below(5)}`
  }

  double(): string {
    if (this.once(8))
      return this.pick(['inf', '-inf', '+inf', '1e300', '-1e-10', '3.0e3', '0.1', 'nan', '-0'])
    return `${(this.below(4000) - 2000) / this.pick([1, 2, 4, 8, 10, 3])}`
  }

  /** From now, in seconds. */
  ttl(): string {
    return `${FAR_SECONDS + this.below(100) * 1000}`
  }

  /** A unix time in seconds, later than any that `ttl` leads to. */
  unixTime(): string {
    return `${LATER_SECONDS + this.below(8) * FAR_SECONDS}`
  }

  /** A word that fits nowhere, or everywhere. */
  odd(): string {
    return this.pick([
      '',
      'x',
      '-1',
      '0',
      '1.5',
      '1e3',
      ' 1',
      '1 ',
      '+1',
      '01',
      '0x10',
      '9223372036854775808',
      '-9223372036854775809',
      '18446744073709551615',
      'nan',
      'inf',
      '(1',
      '[a',
      '(',
      '-',
      '+',
      '*',
      'string:0',
      'COUNT',
      'LIMIT',
      'GET',
      'NX',
      'XX',
      'EX',
      'WITHSCORES',
      '\x00',
      '\r\n',
    ])
  }
}
