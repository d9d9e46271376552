import { manyWords, oneWord, Refusal, type Kind } from '../kind.js'
import { quoteWord } from '../../lib/words.js'

const NOT_YES_OR_NO = new Refusal("argument must be 'yes' or 'no'")

/** On or off. */
export const yesNo: Kind<boolean> = oneWord(
  'yes | no',
  word => {
    const answer = word.toLowerCase()
    return answer === 'yes' ? true : answer === 'no' ? false : NOT_YES_OR_NO
  },
  value => (value ? 'yes' : 'no'),
)

/** Text of any bytes. Empty text means: not set. */
export const text: Kind<string> = oneWord('text', word => word, String, quoteWord)

/**
 * One word of a closed list, in any case. `synonyms` are words of the list that are shown as another one.
 */
export function oneOf<const W extends string>(
  words: readonly W[],
  synonyms: Readonly<Record<string, W>> = {},
): Kind<W> {
  const meaning = new Map(words.map(word => [word.toLowerCase(), synonyms[word] ?? word]))
  const refusal = notOneOf(words)
  return oneWord<W>(words.join(' | '), word => meaning.get(word.toLowerCase()) ?? refusal, String)
}

/** Any words of a closed list; `none` is the name of the empty choice. The value is in the order of the list. */
export function someOf<const W extends string>(none: string, words: readonly W[]): Kind<readonly W[]> {
  const refusal = notOneOf([none, ...words])
  const read = (given: readonly string[]) => {
    const chosen = new Set(given.map(word => word.toLowerCase()))
    if (chosen.size === 0 || ![...chosen].every(isKnown)) return refusal
    return words.filter(word => chosen.has(word))
  }
  const isKnown = (word: string) => word === none || (words as readonly string[]).includes(word)
  return manyWords(`${none}, or any of: ${words.join(' ')}`, read, chosen => chosen.join(' ') || none)
}

function notOneOf(words: readonly string[]): Refusal {
  return new Refusal(`argument(s) must be one of the following: ${words.join(', ')}`)
}
