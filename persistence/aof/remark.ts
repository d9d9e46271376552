/**
 * What another room wants to be told when the log is loaded again: of which instant of a history the data is. It stands
 * in the manifest as a comment, which Redis skips:
 *
 *     remark = "#redstart-end" SP file SP bytes SP text LF
 *
 * It is written when the log ends in good order, and holds as long as the last file ends there: after a crash it does
 * not, and nobody is told anything. One remark is enough, and no manifest needs to be written when the log goes on.
 */

import { quoteWord, splitWords } from '../../server/lib/words.js'

export interface Remark {
  /** The last incremental file, and its length. */
  readonly file: string
  readonly bytes: number
  readonly text: string
}

const WORD = '#redstart-end'

/** Null for any other line. */
export function readRemark(line: string): Remark | null {
  if (!line.startsWith(`${WORD} `)) return null
  const [, file = '', bytes = '', ...text] = splitWords(line) ?? []
  return /^\d+$/.test(bytes) ? { file, bytes: Number(bytes), text: text.join(' ') } : null
}

export function writeRemark({ file, bytes, text }: Remark): string {
  return `${WORD} ${quoteWord(file)} ${bytes} ${text}\n`
}
