/**
 * The settings of one server.
 *
 * Readers look at `values`, a plain object with a typed property per directive: no call, no lookup, and always
 * the present value. Rooms that must act on a change register a hook.
 *
 * CONFIG SET is all or nothing. Every name is looked up, then every value is read and put into `values`, then
 * the hooks are called, so that a hook sees all that was set together with it (port and TLS key, for example).
 * When a value cannot be read or a hook objects, the old values are put back and the hooks already called are
 * called again with these, for they may have acted. A hook that objects to its own old value can only be
 * reported.
 */
import { Span } from '../lib/bytes.js'
import { globMatches } from '../lib/glob.js'
import { splitWords } from '../lib/words.js'
import type { Directive } from './directive.js'
import { directives, names, propertyOf } from './directives.js'
import type { DirectiveName, NamedDirective, ValueOfDirective, Values } from './directives.js'
import { ConfigFileError, readConfig, type ConfigLine, type ReadIncluded } from './file.js'
import { Refusal, WRONG_COUNT } from './kind.js'
import { rewriteText, type Rewritten } from './rewrite.js'
import { isStatement, Statements, type Statement, type StatementName } from './statements.js'

/** Acts on a new value, or answers why it cannot be. */
export type Hook<V> = (value: V, before: V) => string | null

export interface ConfigOptions {
  /** The working directory at start, absolute: the first value of `dir`. */
  readonly directory?: string
  /** Where to report a hook that objects to going back. */
  readonly warn?: (text: string) => void
}

/** Under what circumstances CONFIG SET was asked for. */
export interface Asker {
  /** True while the dataset is being loaded. */
  readonly loading: boolean
  /** True when this client may set protected directives. */
  readonly maySetProtected: boolean
}

export interface RewriteOptions {
  /** Write every directive, also those that have their default. */
  readonly all?: boolean
  /** Directives to leave no line of, for a server on which they mean nothing. */
  readonly without?: readonly DirectiveName[]
}

/** A directive on its way from one value to another. */
interface Change {
  readonly named: NamedDirective
  readonly text: string
  before: unknown
  after: unknown
}

type Slots = Record<keyof Values, unknown>

const LOADING = 'LOADING Redis is loading the dataset in memory'

export class Config {
  readonly values: Values
  private readonly slots: Slots
  private readonly hooks = new Map<string, Hook<unknown>[]>()
  private readonly statements = new Statements()
  private readonly warn: (text: string) => void

  constructor({ directory = '/', warn = () => {} }: ConfigOptions = {}) {
    const slots = Object.fromEntries(directives.map(row => [propertyOf(row.name), row.default])) as Slots
    slots.dir = directory
    this.slots = slots
    this.values = slots as Values
    this.warn = warn
  }

  /** Calls `hook` after CONFIG SET has changed a directive. */
  onChange<Name extends DirectiveName>(name: Name, hook: Hook<ValueOfDirective<Name>>): void {
    this.addHook(name, hook as Hook<unknown>)
  }

  /** Calls `hook` once after CONFIG SET has changed any of these. */
  onAnyChange(changed: readonly DirectiveName[], hook: () => string | null): void {
    for (const name of changed) this.addHook(name, hook)
  }

  /** Gives the lines of a file that are no settings to whom they concern. */
  onStatement(name: StatementName, statement: Statement): void {
    this.statements.on(name, statement)
  }

  /** Sets a value that the server itself has found out, such as the port the kernel chose. No hook hears of it. */
  replace<Name extends DirectiveName>(name: Name, value: ValueOfDirective<Name>): void {
    this.slots[propertyOf(name)] = value
  }

  /** CONFIG GET: names as asked for or as matched, each once, with their values. */
  get(patterns: readonly string[]): [name: string, value: string][] {
    const found = new Map<string, [string, string]>()
    const add = (name: string, named: NamedDirective) => {
      if (!found.has(named.spelled)) found.set(named.spelled, [name, this.print(named)])
    }
    for (const pattern of patterns) {
      if (/[[*?]/.test(pattern)) for (const named of matching(pattern)) add(named.spelled, named)
      else {
        const named = names.get(pattern.toLowerCase())
        if (named !== undefined) add(pattern, named)
      }
    }
    return [...found.values()]
  }

  /** Directives that say something else than by default, and have no effect here. */
  get ineffective(): string[] {
    const changed = ({ name, kind, default: value }: Directive): boolean =>
      kind.print(this.slots[propertyOf(name)]) !== kind.print(value)
    return directives.filter(row => row.effect === 'accepted' && changed(row)).map(({ name }) => name)
  }

  /** CONFIG SET: null, or the error to reply. */
  set(pairs: readonly (readonly [name: string, value: string])[], asker: Asker): string | null {
    const changes = this.plan(pairs, asker)
    return typeof changes === 'string' ? changes : (this.assign(changes) ?? this.announce(changes))
  }

  /**
   * Reads the text of a config file, and the files it includes, on top of the present values. Hooks are not
   * called, but for those of `at-once` directives. Throws ConfigFileError.
   */
  load(text: string, readIncluded: ReadIncluded): void {
    const seen = new Set<string>()
    this.statements.begin()
    readConfig(text, readIncluded, line => this.takeLine(line, seen))
    if (this.values.clusterEnabled && this.values.replicaof !== null) {
      throw new ConfigFileError('replicaof directive not allowed in cluster mode')
    }
  }

  /** CONFIG REWRITE: the text of the config file with the present values. */
  rewrite(oldText: string, { all = false, without = [] }: RewriteOptions = {}): string {
    const isAbsent = (name: string) => (without as readonly string[]).includes(name)
    const settings = directives.map(row => (isAbsent(row.name) ? noLine(row) : this.rewritten(row, all)))
    return rewriteText(oldText, nameOfLine, settings)
  }

  private addHook(name: DirectiveName, hook: Hook<unknown>): void {
    this.hooks.set(name, [...(this.hooks.get(name) ?? []), hook])
  }

  private print({ directive, property }: NamedDirective): string {
    return directive.kind.print(this.slots[property])
  }

  /** The changes asked for, or the first thing wrong with their names. */
  private plan(pairs: readonly (readonly [string, string])[], asker: Asker): Change[] | string {
    const changes: Change[] = []
    for (const [name, text] of pairs) {
      const named = names.get(name.toLowerCase())
      if (named === undefined) return `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`
      const { flags } = named.directive
      if (flags.includes('immutable')) return failed(name, "can't set immutable config")
      if (flags.includes('protected') && !asker.maySetProtected)
        return failed(name, "can't set protected config")
      if (flags.includes('deny-loading') && asker.loading) return LOADING
      if (changes.some(change => change.named === named)) return failed(name, 'duplicate parameter')
      changes.push({ named, text, before: undefined, after: undefined })
    }
    return changes
  }

  private assign(changes: readonly Change[]): string | null {
    for (const [i, change] of changes.entries()) {
      const { kind } = change.named.directive
      const words = kind.manyWords ? (change.text === '' ? [] : change.text.split(' ')) : [change.text]
      change.before = this.slots[change.named.property]
      change.after = kind.read(words, change.before, false)
      if (change.after instanceof Refusal) {
        this.putBack(changes.slice(0, i))
        return failed(change.named.spelled, change.after.reason)
      }
      this.slots[change.named.property] = change.after
    }
    return null
  }

  private announce(changes: readonly Change[]): string | null {
    const called = new Map<Hook<unknown>, Change>()
    for (const change of changes.filter(isNews)) {
      for (const hook of this.hooks.get(change.named.directive.name) ?? []) {
        if (called.has(hook)) continue
        called.set(hook, change)
        const reason = hook(change.after, change.before)
        if (reason === null) continue
        this.goBack(changes, called)
        return failed(change.named.spelled, reason)
      }
    }
    return null
  }

  private goBack(changes: readonly Change[], called: ReadonlyMap<Hook<unknown>, Change>): void {
    this.putBack(changes)
    for (const [hook, { named, after, before }] of called) {
      const reason = hook(before, after)
      if (reason !== null)
        this.warn(`Failed restoring '${named.spelled}' after a failed CONFIG SET: ${reason}`)
    }
  }

  /** Last change first: an alias and its name may both be among them. */
  private putBack(changes: readonly Change[]): void {
    for (const { named, before } of changes.toReversed()) this.slots[named.property] = before
  }

  private takeLine(line: ConfigLine, seen: Set<string>): string | null {
    const named = names.get(line.words[0])
    if (named === undefined) return this.statements.take(line)
    const { directive, property } = named
    const words = valueWords(line, directive.kind.manyWords)
    if (words instanceof Refusal) return words.reason
    const before = this.slots[property]
    const after = directive.kind.read(words, before, seen.has(directive.name))
    if (after instanceof Refusal) return after.reason
    seen.add(directive.name)
    this.slots[property] = after
    return directive.flags.includes('at-once') ? this.tell(directive.name, after, before) : null
  }

  private tell(name: string, value: unknown, before: unknown): string | null {
    for (const hook of this.hooks.get(name) ?? []) {
      const reason = hook(value, before)
      if (reason !== null) return reason
    }
    return null
  }

  /** A setting that is empty, and is so by default, leaves no line. */
  private rewritten(row: Directive, all: boolean): Rewritten {
    const { name, kind, flags } = row
    const value = this.slots[propertyOf(name)]
    if (kind.print(value) === '' && kind.print(row.default) === '') return noLine(row)
    const forced = all || flags.includes('always-written')
    return { name, lines: kind.lines(value), defaults: forced ? [] : kind.lines(row.default) }
  }
}

function noLine({ name }: Directive): Rewritten {
  return { name, lines: [], defaults: [] }
}

function failed(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`
}

function matching(pattern: string): NamedDirective[] {
  const glob = Span.of(pattern)
  const isShown = ({ spelled, directive }: NamedDirective) =>
    !directive.flags.includes('hidden') && globMatches(glob, Span.of(spelled), true)
  return [...names.values()].filter(isShown)
}

/** True when hooks must hear of it. */
function isNews({ named: { directive }, before, after }: Change): boolean {
  const { kind, flags } = directive
  return kind.print(before) !== kind.print(after) || flags.includes('told-always')
}

/** One argument may hold all the words of a directive of many: `--save "3600 1"`. */
function valueWords(line: ConfigLine, manyWords: boolean): readonly string[] | Refusal {
  const words = line.words.slice(1)
  if (!manyWords) return words.length === 1 ? words : WRONG_COUNT
  if (words.length !== 1 || words[0] === '') return words
  return splitWords(words[0]) ?? new Refusal('Unbalanced quotes in configuration line')
}

/** Lines of one sentinel directive belong together, so that their order is kept. */
function nameOfLine(words: readonly string[]): string | null {
  const name = words[0].toLowerCase()
  if (name === 'sentinel' && words.length > 1) return `sentinel ${words[1].toLowerCase()}`
  return names.get(name)?.directive.name ?? (name === 'include' || isStatement(name) ? name : null)
}
