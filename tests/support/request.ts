import { quoteWord, splitWords } from '../../server/lib/words.js'

/** A command as tests write it: a line with the quotes of redis-cli, or its words, where bytes are binary. */
export type Line = string | readonly (string | number | bigint | Uint8Array)[]

/** The words of a line. */
export function wordsOf(line: Line): Buffer[] {
  if (typeof line !== 'string') {
    return line.map(word =>
      word instanceof Uint8Array ? Buffer.from(word) : Buffer.from(`${word}`, 'latin1'),
    )
  }
  const words = splitWords(line)
  if (words === null) throw new Error(`unbalanced quotes: ${line}`)
  return words.map(word => Buffer.from(word, 'latin1'))
}

/** A command on the wire. */
export function encodeRequest(line: Line): Buffer {
  const words = wordsOf(line)
  const parts = words.flatMap(word => [Buffer.from(`$${word.length}\r\n`), word, CRLF])
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts])
}

/** Words as one line that `wordsOf` reads back: quoted only where they must be. */
export function lineOf(words: readonly string[]): string {
  return words.map(word => (/^[!#-&(-[\]-~]+$/.test(word) ? word : quoteWord(word))).join(' ')
}

const CRLF = Buffer.from('\r\n')
