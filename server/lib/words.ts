/**
 * Words of a line and their quotes: the grammar of inline commands and of redis.conf.
 *
 *   line    = { blank } { word blank { blank } } [ word ]
 *   word    = { plain byte } [ quoted ]            a quoted part ends its word
 *   quoted  = '"' { byte | "\xHH" | "\n" "\r" "\t" "\b" "\a" | "\" byte } '"'
 *           | "'" { byte | "\'" } "'"
 *
 * A quote left open, or followed by anything but a blank, makes the whole line invalid. A NUL ends the line.
 * Words are strings of one character per byte.
 */

const BLANK = /[ \t\n\v\f\r]/
/** Vertical tab and form feed separate words but do not end one. */
const WORD_END = /[ \t\n\r]/
const HEX_BYTE = /^[0-9a-fA-F]{2}$/

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

/** The words of a line, or null when its quotes are unbalanced. */
export function splitWords(line: Uint8Array | string): string[] | null {
  const text = latin1(line)
  const nul = text.indexOf('\0')
  return new WordReader(nul < 0 ? text : text.slice(0, nul)).words()
}

/** Reads one line from left to right. */
class WordReader {
  private at = 0

  constructor(private readonly line: string) {}

  words(): string[] | null {
    const words: string[] = []
    for (this.skipBlanks(); this.at < this.line.length; this.skipBlanks()) {
      const word = this.word()
      if (word === null) return null
      words.push(word)
    }
    return words
  }

  private skipBlanks(): void {
    while (this.at < this.line.length && BLANK.test(this.line[this.at])) this.at++
  }

  private word(): string | null {
    let word = ''
    while (this.at < this.line.length && !WORD_END.test(this.line[this.at])) {
      const char = this.line[this.at++]
      if (char === '"' || char === "'") {
        const quoted = this.quoted(char)
        return quoted === null ? null : word + quoted
      }
      word += char
    }
    return word
  }

  private quoted(quote: string): string | null {
    let part = ''
    while (this.at < this.line.length) {
      const char = this.line[this.at++]
      if (char === quote) return this.atWordEnd() ? part : null
      part += char === '\\' ? this.escape(quote) : char
    }
    return null
  }

  private atWordEnd(): boolean {
    return this.at === this.line.length || BLANK.test(this.line[this.at])
  }

  /** What a backslash and the bytes behind it stand for. Between single quotes only the quote can be escaped. */
  private escape(quote: string): string {
    const next = this.line[this.at]
    if (next === undefined || (quote === "'" && next !== quote)) return '\\'
    this.at++
    const hex = this.line.slice(this.at, this.at + 2)
    if (next === 'x' && HEX_BYTE.test(hex)) {
      this.at += 2
      return String.fromCharCode(parseInt(hex, 16))
    }
    return ESCAPES[next] ?? next
  }
}

const QUOTED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
}

/** The bytes between double quotes, everything but printable ASCII escaped: `splitWords` reads it back. */
export function quoteWord(bytes: Uint8Array | string): string {
  return `"${latin1(bytes).replace(/[^ -~]|["\\]/g, quoteChar)}"`
}

function quoteChar(char: string): string {
  return QUOTED[char] ?? '\\x' + char.charCodeAt(0).toString(16).padStart(2, '0')
}

function latin1(bytes: Uint8Array | string): string {
  return typeof bytes === 'string'
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
