/**
 * MIGRATE. In Redis the whole server stands still until the other one has answered; here only writes wait, so that no
 * key changes between its copy and its end, while others go on reading.
 */

import { NEVER } from '../../data/entry.js'
import { answerWhenDone } from '../../engine/answer-when-done.js'
import { command } from '../../engine/command.js'
import type { Engine } from '../../engine/engine.js'
import type { Context } from '../../engine/context.js'
import { type Argument, bytes, flag, key, options, readInteger, token } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { CommandError, MIGRATE_KEY_NOT_EMPTY, NOT_IN_MULTI } from '../../resp/errors.js'
import { CommandText, type CommandWord } from '../../resp/command-text.js'
import { dumpOf } from '../generic/dump.js'
import { unread } from '../generic/unread.js'
import { moveKeys, type Removal } from './move.js'
import { PEERS } from './peers.js'

const TIMEOUT_DEFAULT_MS = 1000
const NOBODY_WAITS = new CommandError('IOERR nobody waits for the target instance')
const REDACTED = '(redacted)'

export const migrate = command('MIGRATE', {
  does: 'Moves keys to another server: they are here until they are there.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(N), N being the size of the values',
  flags: ['write', 'movablekeys'],
  acl: ['keyspace', 'dangerous'],
  tips: ['nondeterministic_output'],
  args: {
    host: bytes(),
    port: unread(),
    key: key('RW', 'access', 'delete'),
    database: unread(),
    timeout: unread(),
    options: options({
      copy: flag('COPY'),
      replace: flag('REPLACE'),
      auth: token('AUTH', bytes()),
      auth2: token('AUTH2', nameAndPassword()),
      keys: token('KEYS', remainingKeys()),
    }),
  },
  keySpecs: [
    { flags: ['RW', 'access', 'delete'], begin: { index: 3 }, find: { last: 0, step: 1, limit: 0 } },
    {
      flags: ['RW', 'access', 'delete', 'incomplete'],
      begin: { keyword: 'KEYS', from: -2 },
      find: { last: -1, step: 1, limit: 0 },
    },
  ],
  keysOf: keyPositions,
  redact: hideSecrets,
  run(ctx, { host, port, key, database, timeout, options }) {
    const { copy, replace, auth, auth2 } = options
    if (options.keys !== null && key.length > 0) throw MIGRATE_KEY_NOT_EMPTY
    const timeoutMs = readInteger(timeout)
    const there = readInteger(database)
    if (ctx.nested) throw NOT_IN_MULTI
    const keys = (options.keys ?? [key]).filter(each => ctx.db.read(each) !== 0).map(each => each.clone())
    if (keys.length === 0) {
      ctx.reply.simple('NOKEY')
      return
    }
    const credentials = auth2 ?? (auth === null ? null : [auth])
    const removal: Removal = {
      target: { host: host.latin1(), port: Number.parseInt(port.latin1(), 10) || 0 },
      database: there,
      timeoutMs: timeoutMs <= 0 ? TIMEOUT_DEFAULT_MS : timeoutMs,
      login: credentials === null ? null : textOf([['AUTH', ...credentials]]),
      from: ctx.db,
      keys,
      restores: textOf(restoresOf(ctx, keys, replace)),
    }
    start(ctx, removal, copy)
  },
})

/** The client waits, and so do writers, until the other server has answered. */
function start(ctx: Context, removal: Removal, copy: boolean): void {
  answerWhenDone(ctx, move(ctx.engine, removal, copy), NOBODY_WAITS)
}

/** Answers what went wrong. */
async function move(engine: Engine, removal: Removal, copy: boolean): Promise<CommandError | null> {
  engine.pause.begin('migrate', 'write', Infinity)
  const { moved, error } = await moveKeys(engine.rooms.get(PEERS), removal)
  engine.beginTurn()
  if (!copy) remove(engine, removal, moved)
  engine.pause.end('migrate')
  engine.settle()
  return error === null ? null : new CommandError(error)
}

/** The keys are elsewhere now: history says DEL. */
function remove({ journal }: Engine, { from }: Removal, moved: readonly Span[]): void {
  if (moved.length === 0) return
  journal.begin()
  for (const key of moved) if (from.delete(key)) from.changed(key, Event.generic, 'del')
  journal.record(from, ['DEL', ...moved])
  journal.end()
}

/** One by one: payloads are large. */
function* restoresOf(
  ctx: Context,
  keys: readonly Span[],
  replace: boolean,
): Iterable<readonly CommandWord[]> {
  const { db } = ctx
  for (const key of keys) {
    const ref = db.peek(key)
    const expireAt = db.expireAt(ref)
    const left = expireAt === NEVER ? 0 : Math.max(1, Number(expireAt) - ctx.now)
    yield ['RESTORE', key, left, dumpOf(ctx, ref), ...(replace ? ['REPLACE'] : [])]
  }
}

function textOf(commands: Iterable<readonly CommandWord[]>): CommandText {
  const text = new CommandText()
  for (const words of commands) text.addWords(words)
  return text
}

function nameAndPassword(): Argument<readonly Span[]> {
  return {
    min: 2,
    max: 2,
    parse: words => [words.next(), words.next()],
    place: () => undefined,
    doc: name => ({
      name,
      type: 'block',
      arguments: [
        { name: 'username', type: 'string' },
        { name: 'password', type: 'string' },
      ],
    }),
  }
}

/** All words that follow, perhaps none. */
function remainingKeys(): Argument<readonly Span[]> {
  return {
    min: 0,
    max: Infinity,
    parse: words => {
      const keys: Span[] = []
      while (words.left > 0) keys.push(words.next())
      return keys
    },
    place: () => undefined,
    doc: name => ({ name, type: 'key', multiple: true }),
  }
}

/** With KEYS, the key at the usual place is none. */
function keyPositions(words: readonly string[]): number[] {
  const end = optionsEnd(words)
  if (end === words.length || words[3] !== '') return [3]
  return words.slice(end + 1).map((_, index) => end + 1 + index)
}

function hideSecrets(words: string[]): string[] {
  const hidden = [...words]
  const end = optionsEnd(words)
  for (let at = OPTIONS_AT; at < end; at++) {
    for (let left = secretsBehind(words[at]); left > 0 && at + 1 < end; left--) hidden[++at] = REDACTED
  }
  return hidden
}

const OPTIONS_AT = 6

/** Where KEYS stands, or where the words end. */
function optionsEnd(words: readonly string[]): number {
  let at = OPTIONS_AT
  while (at < words.length && words[at].toLowerCase() !== 'keys') at += 1 + secretsBehind(words[at])
  return Math.min(at, words.length)
}

/** How many words behind an option are nobody's business. */
function secretsBehind(word: string): number {
  const option = word.toLowerCase()
  return option === 'auth' ? 1 : option === 'auth2' ? 2 : 0
}
