/** A value that was not taken, and the sentence that says why. */
export class Refusal {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * How the value of a directive is written and read. Values are immutable: a change makes a new one, which is
 * what lets a failed CONFIG SET put the old one back.
 *
 * Text is latin1, one character per byte, so that a password or a path of any bytes survives.
 */
export interface Kind<V> {
  /** What may be written, for people: `yes | no`, `0 .. 65535`. */
  readonly accepts: string

  /** A directive of one word refuses more; one of many words looks at its own count. */
  readonly manyWords: boolean

  /**
   * The value these words stand for. `current` is the value so far, for kinds of which a line says only a
   * part; `again` is true when an earlier line of the same file has already set this directive.
   */
  read(words: readonly string[], current: V, again: boolean): V | Refusal

  /** As CONFIG GET shows it. Two values are the same when they print the same. */
  print(value: V): string

  /** As lines of a config file, without the name. Reading them gives the value back. */
  lines(value: V): readonly string[]
}

export const WRONG_COUNT = new Refusal('wrong number of arguments')

/** A kind of one word that is shown and stored in the same way. */
export function oneWord<V>(
  accepts: string,
  read: (word: string) => V | Refusal,
  print: (value: V) => string,
  line: (value: V) => string = print,
): Kind<V> {
  return { accepts, manyWords: false, read: ([word]) => read(word), print, lines: value => [line(value)] }
}

/** A kind of many words that is shown and stored in the same way; an empty list is stored as `""`. */
export function manyWords<V>(
  accepts: string,
  read: (words: readonly string[], current: V, again: boolean) => V | Refusal,
  print: (value: V) => string,
): Kind<V> {
  return { accepts, manyWords: true, read, print, lines: value => [print(value) || '""'] }
}

/** `""` in a file and `CONFIG SET name ""` both mean: no words at all. */
export function withoutEmpty(words: readonly string[]): readonly string[] {
  return words.length === 1 && words[0] === '' ? [] : words
}

/** The same kind with a rule of its own: `rule` answers why a value is not acceptable, or null. */
export function checked<V>(kind: Kind<V>, rule: (value: V) => string | null): Kind<V> {
  return {
    ...kind,
    read(words, current, again) {
      const value = kind.read(words, current, again)
      if (value instanceof Refusal) return value
      const reason = rule(value)
      return reason === null ? value : new Refusal(reason)
    },
  }
}
