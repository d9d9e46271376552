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

const ODD_DOUBLES = [
  ...[
    'inf',
    '-inf',
    '+inf',
    '1e300',
    '-1e-10',
    '3.0e3',
    '0.1',
    'nan',
    '-0',
    '1e308',
    '-1e308',
    '5e-324',
    '0x1p3',
  ],
  ...['1.7976931348623157e308', '1e16', '123456789012345678', '0.30000000000000004', '9007199254740993'],
] as const

const COMMON = [
  ...['', 'a', 'b', 'hello', 'hello world', '0', '1', '-1', '10', 'foo', 'bar', '\r\n', '\xff'],
] as const

/** Nearly numbers, and what lies on either side of a border between encodings. */
const SHAPES = [
  ...['+5', ' 5', '5 ', '05', '0x10', '1e5', '1e308', '-0', 'inf', 'nan', '1.', '.5', '1_0', '\xb2'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808', '-9223372036854775809'],
  ...['18446744073709551615', '18446744073709551616', '9999', '10000', '127', '128', '-129', '8388608'],
  ...[43, 44, 45, 63, 64, 65].map(length => 'b'.repeat(length)),
  ...['a\0b', '\0', 'a\r\nb\0', '1\0', '{tag}x', '*', '$5\r\n', '\x80\x00\x81'],
]

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
    switch (this.below(9)) {
      case 0:
        return this.integer()
      case 1:
        return this.double()
      case 2:
        return 'x'.repeat(this.below(100))
      case 3:
        return this.bytes(this.below(12))
      case 4:
        return this.once(20) ? this.long() : this.pick(SHAPES)
      default:
        return this.pick(COMMON)
    }
  }

  bytes(length: number): string {
    return Array.from({ length }, () => String.fromCharCode(this.below(256))).join('')
  }

  /** Longer than what fits a buffer of 16 KB; one that can be compressed, and one that cannot. */
  long(): string {
    const length = 16_000 + this.below(1000)
    return this.once(2) ? 'z'.repeat(length) : this.bytes(length)
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
    if (this.once(8)) return this.pick(ODD_DOUBLES)
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
