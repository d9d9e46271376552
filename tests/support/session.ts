import { expect, test } from 'vitest'
import { type TestEngine, type TestEngineOptions, testEngine } from './engine.js'
import { type Received, type Reply, ReplyError } from './reply.js'
import { type Line, lineOf, wordsOf } from './request.js'

/**
 * Sessions: what clients say and what they must be answered, as a table that reads like a terminal.
 *
 *      session('SET with conditions', [
 *        ['SET lock a NX PX 1000', 'OK'],
 *        ['SET lock b NX PX 1000', null],
 *        [after(1001)],
 *        ['SET lock b NX PX 1000', 'OK'],
 *      ])
 *
 * A command is a line with redis-cli's quotes, or an array of words where bytes are binary. It is said by client `a`;
 * `by('b', 'GET lock')` lets another one speak. An expectation is a JS value as reply.ts makes them, `error('ERR ...')`,
 * or one of the matchers below. `nothing` expects no reply (yet): a blocked client's comes later, as that of
 * `next('b')`.
 *
 * The tables of tests/sessions run twice: in process, and against a real redis-server beside ours, which must
 * answer the same bytes (tests/differential). Rows and tables that the oracle cannot know say `since` which release it
 * would, or `differs` and the reason.
 */

export interface SessionTable extends SessionOptions {
  readonly title: string
  readonly rows: readonly Row[]
}

export interface SessionOptions extends OracleNote {
  /** The protocol of all its clients. */
  readonly resp?: 2 | 3
  /** Directives by their names in redis.conf. */
  readonly config?: Readonly<Record<string, string>>
}

/** Why the oracle (7.0.15) is not asked. */
export interface OracleNote {
  /** The release that brought this. */
  readonly since?: string
  /** What the oracle does instead, and why we do not. */
  readonly differs?: string
}

export type Row = readonly [Pause] | readonly [said: Line | Spoken, expected: Expected, note?: OracleNote]
export type Expected = Reply | Matcher | typeof nothing

/** Time passes. */
export class Pause {
  constructor(readonly ms: number) {}
}

/** Said by, or (without a line) next received by, a client with a name. */
export class Spoken {
  constructor(
    readonly client: string,
    readonly line: Line | null,
  ) {}
}

/** What holds of a reply that varies. */
export class Matcher {
  constructor(
    readonly what: string,
    readonly holds: (reply: Reply) => boolean,
  ) {}
}

export const after = (ms: number): Pause => new Pause(ms)
export const by = (client: string, line: Line): Spoken => new Spoken(client, line)
export const next = (client = 'a'): Spoken => new Spoken(client, null)
export const nothing = Symbol('nothing')

export const error = (line: string): ReplyError => new ReplyError(line)
export const any = new Matcher('any reply but an error', reply => !(reply instanceof ReplyError))
export const matches = (holds: (reply: Reply) => boolean, what = 'what the test asks for'): Matcher =>
  new Matcher(what, holds)
export const between = (least: number, most: number): Matcher =>
  matches(reply => typeof reply === 'number' && reply >= least && reply <= most, `${least} .. ${most}`)
/** An error that begins like this. */
export const errorLike = (start: string): Matcher =>
  matches(reply => reply instanceof ReplyError && reply.line.startsWith(start), `an error like ${start}`)
/** These elements in whatever order. */
export function unordered(...items: readonly Reply[]): Matcher {
  const sorted = sortedJson(items)
  return matches(reply => sortedJson(elementsOf(reply)) === sorted, `in any order ${sorted}`)
}

/** A table for tests/sessions. */
export function table(title: string, rows: readonly Row[], options: SessionOptions = {}): SessionTable {
  return { title, rows, ...options }
}

/** Registers a session as a test, in process. */
export function session(title: string, rows: readonly Row[], options: SessionOptions = {}): void {
  play(table(title, rows, options))
}

/** Registers a table as a test, in process. */
export function play(played: SessionTable): void {
  test(played.title, () => {
    const { config = {}, resp = 2 } = played
    const world = testEngine({ config })
    for (const [said, expected] of played.rows) {
      if (said instanceof Pause) world.advance(said.ms)
      else judge(describeRow(said), answer(world, said, resp, expected === nothing), expected!)
    }
    world.audit()
  })
}

/** Fails unless `received` (null: no reply came) is what the row expects. */
export function judge(what: string, received: Received | null, expected: Expected): void {
  if (expected === nothing) {
    expect(received?.value, what).toBeUndefined()
  } else if (received === null) {
    throw new Error(`${what}: no reply came`)
  } else if (expected instanceof Matcher) {
    if (!expected.holds(received.value)) expect(received.value, what).toBe(expected.what)
  } else {
    expect(received.value, what).toEqual(expected)
  }
}

export function describeRow(said: Line | Spoken): string {
  if (!(said instanceof Spoken)) return lineOf(wordsOf(said).map(word => word.toString('latin1')))
  return said.line === null ? `${said.client} receives` : `${said.client}: ${describeRow(said.line)}`
}

/** What one client is answered; null when nothing comes. */
export function answer(
  world: TestEngine,
  said: Line | Spoken,
  resp: 2 | 3,
  silent: boolean,
): Received | null {
  const spoken = said instanceof Spoken ? said : by('a', said)
  const client = world.client(spoken.client, resp)
  if (spoken.line !== null) client.send(spoken.line)
  return silent && client.waiting === 0 ? null : client.receive()
}

/**
 * Registers a test of what replicas and the AOF are told of a command, MULTI and EXEC included. The command may be a
 * list: those before the last one prepare. At the start it is TEST_NOW_MS, 1,000,000,000.
 */
export function propagates(commands: Line | readonly string[], ...effects: readonly string[]): void {
  const { last, world } = observed(commands)
  test(`${last} propagates ${effects.length === 0 ? 'nothing' : effects.join('; ')}`, () => {
    const { history } = world()
    expect(history).toEqual(effects.map(line => lineOf(wordsOf(line).map(word => word.toString('latin1')))))
  })
}

/** Registers a test of the events that a command tells, as `set mykey`. The command may be a list, as above. */
export function notifies(commands: Line | readonly string[], ...events: readonly string[]): void {
  const { last, world } = observed(commands)
  test(`${last} tells ${events.length === 0 ? 'nothing' : events.join(', ')}`, () => {
    expect(world().events).toEqual(events)
  })
}

/** What happens in a world while the last of some commands runs. */
function observed(commands: Line | readonly string[], options: TestEngineOptions = {}) {
  const lines = typeof commands === 'string' ? [commands] : (commands as readonly string[])
  const last = lines[lines.length - 1]
  const world = (): TestEngine => {
    const made = testEngine(options)
    for (const line of lines.slice(0, -1)) made.ask(line)
    made.history.length = 0
    made.events.length = 0
    made.ask(last)
    made.audit()
    return made
  }
  return { last, world }
}

function elementsOf(reply: Reply): readonly Reply[] {
  if (reply instanceof Set) return [...(reply as ReadonlySet<Reply>)]
  if (reply instanceof Map) return [...(reply as ReadonlyMap<Reply, Reply>)].map(pair => [...pair])
  return Array.isArray(reply) ? (reply as readonly Reply[]) : []
}

function sortedJson(items: readonly Reply[]): string {
  const print = (item: Reply): string =>
    JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
  return items.map(print).sort().join(' ')
}
