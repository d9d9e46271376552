/** A command's arguments as people write them: `key [NX|XX] [GET] member [member ...]`. */

import type { ArgumentDoc } from './grammar.js'

export function syntaxOf(docs: readonly ArgumentDoc[]): string {
  return docs.map(wordsFor).join(' ')
}

function wordsFor(doc: ArgumentDoc): string {
  const once = withToken(doc)
  const words = doc.multiple === true ? `${once} [${once} ...]` : once
  return doc.optional === true ? `[${words}]` : words
}

function withToken(doc: ArgumentDoc): string {
  if (doc.type === 'pure-token') return doc.token ?? doc.name.toUpperCase()
  return doc.token === undefined ? value(doc) : `${doc.token} ${value(doc)}`
}

function value(doc: ArgumentDoc): string {
  const parts = doc.arguments ?? []
  if (doc.type === 'oneof') return parts.map(wordsFor).join('|')
  return doc.type === 'block' ? syntaxOf(parts) : doc.name
}
