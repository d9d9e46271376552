import type { Draw } from './draw.js'
import type { Words } from './family.js'

/** Wrong requests, made of right ones. The command's name mostly stays, or nothing but it would be tested. */

type Mutation = (draw: Draw, words: Words) => Words

const MUTATIONS: readonly Mutation[] = [
  // A word is missing, there twice, replaced, added, or in another's place.
  (d, words) => (words.length > 1 ? words.toSpliced(at(d, words), 1) : words),
  (d, words) => insert(d, words, words[at(d, words)] ?? ''),
  (d, words) => words.with(at(d, words), d.odd()),
  (d, words) => words.with(at(d, words), d.odd()),
  (d, words) => insert(d, words, d.odd()),
  (d, words) => [...words, d.odd()],
  (d, words) => swap(words, at(d, words), at(d, words)),
  // In another case.
  (_, words) => words.with(0, words[0].toLowerCase()),
  (d, words) => words.with(at(d, words), words[at(d, words)].toUpperCase()),
  (_, words) => words.slice(0, 1),
  (d, words) => words.with(0, d.pick(['', 'nonsense', `${words[0]}X`, 'a\r\nb', 'y'.repeat(300)])),
]

/** The same request with one or two faults. It may still be a right one. */
export function mutated(draw: Draw, words: Words): Words {
  const once = draw.pick(MUTATIONS)(draw, words)
  return draw.once(3) ? draw.pick(MUTATIONS)(draw, once) : once
}

/** The place of some word, not the command's name where there are others. */
function at(d: Draw, words: Words): number {
  return words.length === 1 ? 0 : 1 + d.below(words.length - 1)
}

function insert(d: Draw, words: Words, word: string): Words {
  return words.toSpliced(1 + d.below(words.length), 0, word)
}

function swap(words: Words, a: number, b: number): Words {
  return words.with(a, words[b]).with(b, words[a])
}
