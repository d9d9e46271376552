/**
 * The command table of one server: the declared commands under the names they have here (rename-command), with
 * their statistics.
 *
 * Lookup is by the bytes of the first word, in any case, without making a string: a small open-addressing table
 * over a hash of the folded bytes.
 */

import type { Span } from '../lib/bytes.js'
import { type Command, CommandStats } from './command.js'

const SLOTS = 4096
const LOWER_A = 97
/** What a small letter has and a capital has not. */
const CASE_BIT = 32

/** A command as this server knows it. */
export class TableEntry {
  readonly stats = new CommandStats()
  /** By the subcommand's word. */
  readonly subcommands = new Map<string, TableEntry>()
  readonly isContainer: boolean
  /** It must pass the gates on any day. */
  readonly guarded: boolean
  readonly hot: Command['hot']
  /** The bytes of its name. */
  private readonly letters: Uint8Array

  constructor(
    readonly command: Command,
    /** Lower case: the name it is called by. */
    readonly name: string,
  ) {
    this.isContainer = command.subcommands.size > 0
    const isProtected = command.has('protected') || (command.parent?.has('protected') ?? false)
    this.guarded = isProtected || command.options.late === true
    this.hot = command.hot
    this.letters = Buffer.from(name, 'latin1')
  }

  /** Whether this word names it, in any case. As `Span.is`, but bytes are compared faster than characters. */
  isNamed(word: Span): boolean {
    const { letters } = this
    const { start, length } = word
    if (length !== letters.length) return false
    const { u8 } = word.mem
    for (let i = 0; i < length; i++) {
      const letter = letters[i]
      const byte = u8[start + i]
      if (byte !== letter && (letter < LOWER_A || (byte | CASE_BIT) !== letter)) return false
    }
    return true
  }
}

export class CommandTable {
  private readonly slots: (TableEntry | null)[] = new Array<TableEntry | null>(SLOTS).fill(null)
  private readonly byName = new Map<string, TableEntry>()
  private last: TableEntry | null = null

  add(command: Command): void {
    const entry = new TableEntry(command, command.name)
    for (const sub of command.subcommands.values())
      entry.subcommands.set(sub.name, new TableEntry(sub, sub.name))
    this.install(command.name, entry)
  }

  /** Gives a command another name, or none (''). False when there is no such command, or the name is taken. */
  rename(from: string, to: string): boolean {
    const entry = this.byName.get(from.toLowerCase())
    if (entry === undefined || (to !== '' && this.byName.has(to.toLowerCase()))) return false
    this.byName.delete(from.toLowerCase())
    this.rebuild()
    if (to !== '') this.install(to.toLowerCase(), entry)
    return true
  }

  /** The command that this word names, or null. */
  lookup(word: Span): TableEntry | null {
    // A pipeline mostly repeats one command.
    if (this.last !== null && this.last.isNamed(word)) return this.last
    let slot = hashOf(word) & (SLOTS - 1)
    for (;;) {
      const entry = this.slots[slot]
      if (entry === null) return null
      if (entry.isNamed(word)) return (this.last = entry)
      slot = (slot + 1) & (SLOTS - 1)
    }
  }

  /** By name; `config|get` names a subcommand. */
  get(name: string): TableEntry | null {
    const [main, sub] = name.toLowerCase().split('|')
    const entry = this.byName.get(main) ?? null
    if (sub === undefined || entry === null) return entry
    return entry.subcommands.get(sub) ?? null
  }

  get size(): number {
    return this.byName.size
  }

  /** All commands, without their subcommands. */
  entries(): Iterable<TableEntry> {
    return this.byName.values()
  }

  /** All commands and all subcommands. */
  *all(): Generator<TableEntry> {
    for (const entry of this.byName.values()) {
      yield entry
      yield* entry.subcommands.values()
    }
  }

  private install(name: string, entry: TableEntry): void {
    const named = entry.name === name ? entry : renamed(entry, name)
    this.byName.set(name, named)
    this.place(named)
  }

  private place(entry: TableEntry): void {
    const bytes = Buffer.from(entry.name, 'latin1')
    let slot = hashBytes(bytes, 0, bytes.length) & (SLOTS - 1)
    while (this.slots[slot] !== null) slot = (slot + 1) & (SLOTS - 1)
    this.slots[slot] = entry
  }

  private rebuild(): void {
    this.last = null
    this.slots.fill(null)
    for (const entry of this.byName.values()) this.place(entry)
  }
}

function renamed(entry: TableEntry, name: string): TableEntry {
  const copy = new TableEntry(entry.command, name)
  for (const [word, sub] of entry.subcommands) copy.subcommands.set(word, sub)
  return copy
}

function hashOf(word: Span): number {
  return hashBytes(word.mem.u8, word.start, word.length)
}

/** Letters are folded by clearing bit 5, which also merges some other bytes: harmless, as names are compared. */
function hashBytes(u8: Uint8Array, start: number, length: number): number {
  let hash = length
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (u8[start + i] & 0xdf)) | 0
  return hash ^ (hash >>> 12)
}
