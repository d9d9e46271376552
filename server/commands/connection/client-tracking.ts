/** CLIENT TRACKING, CACHING, TRACKINGINFO, GETREDIR: see engine/tracking/tracking.ts. */

import {
  BCAST_SWITCHED,
  BCAST_WITH_CHOICE,
  CACHING_NO_WITHOUT_OPTOUT,
  CACHING_WITHOUT_TRACKING,
  CACHING_YES_WITHOUT_OPTIN,
  CHOICE_SWITCHED,
  NO_CLIENT_TO_REDIRECT_TO,
  OPTIN_AND_OPTOUT,
  PREFIX_WITHOUT_BCAST,
  REDIRECTED_TWICE,
  SYNTAX,
  prefixesOverlap,
} from '../../resp/errors.js'
import { subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type ArgumentDoc, type Words, bytes, oneOf, readInteger, rest } from '../../engine/grammar.js'
import { type TrackingMode, type TrackingOptions, overlap } from '../../engine/tracking/mode.js'

const SHOWN: ArgumentDoc = {
  name: 'options',
  type: 'block',
  arguments: [
    { name: 'client-id', type: 'integer', token: 'REDIRECT', optional: true },
    { name: 'prefix', type: 'string', token: 'PREFIX', optional: true, multiple: true },
    { name: 'bcast', type: 'pure-token', token: 'BCAST', optional: true },
    { name: 'optin', type: 'pure-token', token: 'OPTIN', optional: true },
    { name: 'optout', type: 'pure-token', token: 'OPTOUT', optional: true },
    { name: 'noloop', type: 'pure-token', token: 'NOLOOP', optional: true },
  ],
}

export const tracking = subcommand('TRACKING', {
  does: 'Tells the connection, or another, when keys that it has read change, or keys with some prefix; or not.',
  since: '6.0.0',
  group: 'connection',
  complexity: 'O(1). Some options may introduce additional complexity.',
  flags: ['noscript', 'loading', 'stale'],
  args: {
    status: { ...bytes(), doc: name => oneOf(['ON', 'OFF']).doc(name) },
    options: { ...rest(), doc: () => SHOWN },
  },
  run(ctx, { status, options: words }) {
    const asked = readOptions(ctx, words)
    if (status.is('on')) begin(ctx, asked)
    else if (status.is('off')) ctx.engine.tracking.disable(ctx.session)
    else throw SYNTAX
    ctx.reply.ok()
  },
})

/** What was asked for, allowed or not. */
interface Asked {
  redirection: number
  broadcast: boolean
  optIn: boolean
  optOut: boolean
  noLoop: boolean
  readonly prefixes: string[]
}

function readOptions(ctx: Context, words: Words): Asked {
  const asked: Asked = {
    redirection: 0,
    broadcast: false,
    optIn: false,
    optOut: false,
    noLoop: false,
    prefixes: [],
  }
  while (words.left > 0) {
    const token = words.next()
    if (token.is('redirect')) asked.redirection = readRedirection(ctx, words, asked.redirection)
    else if (token.is('prefix')) asked.prefixes.push(words.next().latin1())
    else if (token.is('bcast')) asked.broadcast = true
    else if (token.is('optin')) asked.optIn = true
    else if (token.is('optout')) asked.optOut = true
    else if (token.is('noloop')) asked.noLoop = true
    else throw SYNTAX
  }
  return asked
}

function readRedirection({ engine }: Context, words: Words, before: number): number {
  const word = words.next()
  if (before !== 0) throw REDIRECTED_TWICE
  const id = readInteger(word)
  if (!engine.sessions.has(id)) throw NO_CLIENT_TO_REDIRECT_TO
  return id
}

function begin({ engine, session }: Context, asked: Asked): void {
  const options: TrackingOptions = { ...asked, choice: choiceOf(asked) }
  checkModes(asked, options, session.tracking)
  if (asked.broadcast) checkPrefixes(asked.prefixes, session.tracking)
  const all = asked.broadcast && asked.prefixes.length === 0
  engine.tracking.enable(session, options, all ? [''] : asked.prefixes)
}

function choiceOf({ optIn, optOut }: Asked): TrackingOptions['choice'] {
  if (optIn) return 'optin'
  return optOut ? 'optout' : 'all'
}

function checkModes(asked: Asked, { choice }: TrackingOptions, before: TrackingMode | null): void {
  if (!asked.broadcast && asked.prefixes.length > 0) throw PREFIX_WITHOUT_BCAST
  if (before !== null && before.broadcast !== asked.broadcast) throw BCAST_SWITCHED
  if (asked.broadcast && choice !== 'all') throw BCAST_WITH_CHOICE
  if (asked.optIn && asked.optOut) throw OPTIN_AND_OPTOUT
  const chosen = before?.choice ?? 'all'
  if (choice !== 'all' && chosen !== 'all' && choice !== chosen) throw CHOICE_SWITCHED
}

function checkPrefixes(prefixes: readonly string[], before: TrackingMode | null): void {
  for (const [index, prefix] of prefixes.entries()) {
    const own = before?.overlapping(prefix)
    if (own !== undefined) throw prefixesOverlap(prefix, 'an existing', own)
    const other = prefixes.slice(index + 1).find(each => overlap(prefix, each))
    if (other !== undefined) throw prefixesOverlap(prefix, 'another provided', other)
  }
}

export const caching = subcommand('CACHING', {
  does: 'Opts in to tracking what the next command or transaction reads, or out of it.',
  since: '6.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { mode: { ...bytes(), doc: name => oneOf(['YES', 'NO']).doc(name) } },
  run({ session, reply }, { mode }) {
    const { tracking: own } = session
    if (own === null) throw CACHING_WITHOUT_TRACKING
    if (mode.is('yes')) {
      if (own.choice !== 'optin') throw CACHING_YES_WITHOUT_OPTIN
    } else if (mode.is('no')) {
      if (own.choice !== 'optout') throw CACHING_NO_WITHOUT_OPTOUT
    } else {
      throw SYNTAX
    }
    own.caching = true
    reply.ok()
  },
})

export const trackingInfo = subcommand('TRACKINGINFO', {
  does: 'Tells how the connection tracks keys.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  run({ session, reply }) {
    const flags = flagsOf(session.tracking)
    const prefixes = [...(session.tracking?.prefixes ?? [])].sort()
    reply.map(3)
    reply.text('flags')
    reply.set(flags.length)
    for (const flag of flags) reply.text(flag)
    reply.text('redirect')
    reply.int(session.redirection)
    reply.text('prefixes')
    reply.array(prefixes.length)
    for (const prefix of prefixes) reply.text(prefix)
  },
})

function flagsOf(mode: TrackingMode | null): string[] {
  if (mode === null) return ['off']
  const { broadcast, choice, caching: given, noLoop, broken } = mode
  const flags = ['on']
  if (broadcast) flags.push('bcast')
  if (choice !== 'all') flags.push(choice)
  if (choice !== 'all' && given) flags.push(choice === 'optin' ? 'caching-yes' : 'caching-no')
  if (noLoop) flags.push('noloop')
  if (broken) flags.push('broken_redirect')
  return flags
}

export const getRedirection = subcommand('GETREDIR', {
  does: 'Returns the id of the client that invalidation messages go to; 0: this one, -1: there are none.',
  since: '6.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  run({ session, reply }) {
    reply.int(session.redirection)
  },
})
