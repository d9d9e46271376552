/** What a command is: one entry that reads from top to bottom. */

import type { CommandError } from '../resp/errors.js'
import type { Context } from './context.js'
import { type ArgumentDoc, type Arguments, type Compiled, type Parsed, compile } from './grammar.js'
import type { KeyFlag, KeySpec } from './key-specs.js'
import { LatencyHistogram } from './latency-histogram.js'

/** As COMMAND INFO names them. */
export type CommandFlag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'asking'
  | 'fast'
  | 'no_auth'
  | 'may_replicate'
  | 'no_mandatory_keys'
  | 'protected'
  | 'sentinel'
  | 'only_sentinel'
  | 'no_async_loading'
  | 'no_multi'
  | 'allow_busy'
  | 'movablekeys'

/** The groups of the command reference. */
export type CommandGroup =
  | 'string'
  | 'generic'
  | 'connection'
  | 'transactions'
  | 'server'
  | 'bitmap'
  | 'hyperloglog'
  | 'list'
  | 'hash'
  | 'set'
  | 'sorted-set'
  | 'stream'
  | 'geo'
  | 'pubsub'
  | 'scripting'
  | 'cluster'
  | 'sentinel'
  | 'array'
  | 'vector_set'

export interface CommandOptions<A extends Arguments> {
  /** One sentence for people. */
  does: string
  since: string
  group: CommandGroup
  complexity?: string
  /** Since when there is something better, and what: COMMAND DOCS tells it. */
  deprecated?: { readonly since: string; readonly by: string }
  flags?: readonly CommandFlag[]
  /** ACL categories beside those that flags and group imply. */
  acl?: readonly string[]
  args?: A
  /** Where keys are, when the arguments do not tell it all. */
  keySpecs?: readonly KeySpec[]
  /** Positions of the keys among the words, where no key spec can tell (SORT, EVAL): null when the words are wrong. */
  keysOf?: (words: readonly string[]) => number[] | null
  /** What a request does to its key, where a key spec says `variable_flags`. */
  keyFlagsOf?: (words: readonly string[]) => readonly KeyFlag[]
  /** Arity where the arguments do not tell it. */
  arity?: number
  tips?: readonly string[]
  subcommands?: readonly Command[]
  /** Words that stand in for arguments with secrets in MONITOR and SLOWLOG. */
  redact?: (words: string[]) => string[]
  /** What it answers when it is refused, where that is not the refusal itself (EXEC). */
  refused?: (ctx: Context, error: CommandError) => CommandError
  /** Answered when the turn is over, as it tells of other clients: see late-answers.ts. */
  late?: true
  /** The hand-written path of the hottest commands: false when this request is not of its plain form. */
  hot?: (ctx: Context) => boolean
  run: (ctx: Context, args: Parsed<A>) => void
}

/** What a command's calls amount to: INFO commandstats and latencystats. */
export class CommandStats {
  calls = 0
  microseconds = 0
  rejected = 0
  failed = 0
  histogram: LatencyHistogram | null = null

  record(microseconds: number, tracked: boolean): void {
    this.calls++
    this.microseconds += microseconds
    if (tracked) (this.histogram ??= new LatencyHistogram()).record(microseconds)
  }

  reset(): void {
    Object.assign(this, new CommandStats())
  }
}

/** A command as it is declared: immutable, shared by all servers of the process. */
export class Command {
  /** Lower case; a subcommand's own word. */
  readonly name: string
  parent: Command | null = null
  readonly flags: ReadonlySet<CommandFlag>
  readonly write: boolean
  readonly compiled: Compiled
  readonly arity: number
  readonly subcommands: ReadonlyMap<string, Command>
  readonly run: (ctx: Context, args: unknown) => void
  readonly hot: ((ctx: Context) => boolean) | null

  constructor(
    name: string,
    readonly options: CommandOptions<Arguments>,
    nameWords: number,
  ) {
    this.name = name.toLowerCase()
    this.flags = new Set(options.flags ?? [])
    this.write = this.flags.has('write')
    this.compiled = compile(options.args ?? {}, nameWords)
    this.arity = options.arity ?? (options.subcommands === undefined ? this.compiled.arity : -2)
    this.run = options.run as (ctx: Context, args: unknown) => void
    this.hot = options.hot ?? null
    this.subcommands = new Map((options.subcommands ?? []).map(sub => [sub.name, sub]))
    for (const sub of this.subcommands.values()) sub.parent = this
  }

  /** `config|get` for a subcommand, else the name: what errors and statistics say. */
  get fullName(): string {
    return this.parent === null ? this.name : `${this.parent.name}|${this.name}`
  }

  has(flag: CommandFlag): boolean {
    return this.flags.has(flag)
  }

  get keySpecs(): readonly KeySpec[] {
    return this.options.keySpecs ?? this.compiled.keySpecs
  }

  get docs(): readonly ArgumentDoc[] {
    return this.compiled.docs
  }

  get group(): CommandGroup {
    return this.options.group
  }

  /** Whether a request of so many words has the right length. */
  takes(words: number): boolean {
    return this.arity >= 0 ? words === this.arity : words >= -this.arity
  }
}

/** Declares a command. */
export function command<A extends Arguments>(name: string, options: CommandOptions<A>): Command {
  return new Command(name, options as unknown as CommandOptions<Arguments>, 1)
}

/** Declares a subcommand, for the `subcommands` of a command. */
export function subcommand<A extends Arguments>(name: string, options: CommandOptions<A>): Command {
  return new Command(name, options as unknown as CommandOptions<Arguments>, 2)
}

/** Declares a command that is only its subcommands. */
export function container(
  name: string,
  options: Omit<CommandOptions<Record<string, never>>, 'run' | 'args' | 'subcommands'>,
  subcommands: readonly Command[],
): Command {
  return new Command(name, { ...options, subcommands, run: () => undefined }, 1)
}
