/** Names that clients give themselves and their libraries: words of CLIENT LIST, so without blanks. */

import { BAD_CLIENT_NAME, badClientAttribute, unrecognizedOption } from '../../resp/errors.js'
import { subcommand } from '../../engine/command.js'
import { text } from '../../engine/grammar.js'

export function isPrintable(name: string): boolean {
  return /^[!-~]*$/.test(name)
}

export const getName = subcommand('GETNAME', {
  does: 'Returns the name of the connection.',
  since: '2.6.9',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  run({ session, reply }) {
    if (session.name === '') reply.null()
    else reply.text(session.name)
  },
})

export const setName = subcommand('SETNAME', {
  does: 'Names the connection; an empty name takes the name away.',
  since: '2.6.9',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { name: text() },
  run({ session, reply }, { name }) {
    if (!isPrintable(name)) throw BAD_CLIENT_NAME
    session.name = name
    reply.ok()
  },
})

export const setInfo = subcommand('SETINFO', {
  does: 'Says which client library this is, and which version of it.',
  since: '7.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { attribute: text(), value: text() },
  run({ session, reply }, { attribute, value }) {
    const property = LIBRARY[attribute.toLowerCase()]
    if (property === undefined) throw unrecognizedOption(attribute)
    if (!isPrintable(value)) throw badClientAttribute(attribute)
    session[property] = value
    reply.ok()
  },
})

const LIBRARY: Readonly<Record<string, 'libraryName' | 'libraryVersion' | undefined>> = {
  'lib-name': 'libraryName',
  'lib-ver': 'libraryVersion',
}
