/** Where a rehearsal takes place: an engine of its own, with a client and now and then a replica whose wires lead nowhere. */

import { snapshotRuns, writeSnapshot } from '../../persistence/rdb/snapshot-run.js'
import { Config } from '../config/config.js'
import { Engine } from '../engine/engine.js'
import type { Part } from '../engine/part.js'
import { Mem, Span } from '../lib/bytes.js'
import { silentLog } from '../lib/log.js'
import { SimulatedDisk } from '../lib/simulated-disk.js'
import { ClientLimits } from '../net/limits.js'
import { Connection } from '../net/connection.js'
import { Outbox } from '../net/outbox.js'
import { CommandText, type CommandWord } from '../resp/command-text.js'
import { HEADROOM, READ_BYTES } from '../resp/parser.js'
import { WireToNowhere } from './wire-to-nowhere.js'

/** Numbers come in this order, that is in none, and come again after so many commands. */
const NUMBERS = 12_007
const STRIDE = 7919
/** Names are all equally long, as they mostly are. */
const NAME_DIGITS = 12
/** Of all lengths: what is too short to compress, and what needs one, two or five bytes to say how long it is. */
const TEXT_MAX = 100
const LONG_EVERY = 50
const LONG_BYTES = 700
const HUGE_EVERY = 250
const HUGE_BYTES = 20_000
/** What a replica says. */
const REPLICA_WORDS = ['REPLCONF capa eof', 'PSYNC ? -1', ...Array<string>(40).fill('REPLCONF ACK 0')]

export class Stage {
  readonly engine: Engine
  private readonly client: Connection
  /** With what it has yet to say. */
  private replica: { readonly connection: Connection; readonly words: string[] } | null = null
  private readonly outbox: Outbox
  private readonly request = new CommandText()
  private readonly read = new Mem(new ArrayBuffer(HEADROOM + READ_BYTES))
  private readonly text = new Span(Mem.copyOf(prose(2 * HUGE_BYTES)), 0, 0)
  private number = 0

  /** With the clock and the chance of the engine whose rehearsal it is, and the same parts. */
  constructor({ clock, random }: Engine, parts: readonly Part[]) {
    const config = new Config({ directory: '/' })
    config.replace('repl-diskless-sync-delay', 0)
    config.replace('save', [])
    const disk = new SimulatedDisk({ random })
    this.engine = new Engine({ clock, random, disk, log: silentLog(), config }, parts)
    this.outbox = new Outbox(this.engine, new ClientLimits(this.engine))
    this.client = this.connect()
  }

  /** A pipeline of commands like this one comes: a turn of the loop. */
  play(command: string, times: number): void {
    this.say(this.client, command, times)
    this.engine.finishTurn()
    this.engine.tick()
  }

  /** Begins a snapshot that nobody keeps, unless one is under way. */
  keepSaving(): void {
    if (snapshotRuns(this.engine).current !== null) return
    writeSnapshot(this.engine, { write: () => Promise.resolve() }).done.catch(() => undefined)
  }

  /** A replica asks for all data, and then says some times how far it is. After that another one comes. */
  keepFollowed(): void {
    this.replica ??= { connection: this.connect(), words: [...REPLICA_WORDS] }
    const { connection, words } = this.replica
    this.say(connection, words.shift()!)
    if (words.length > 0) return
    connection.closed()
    this.replica = null
  }

  leave(): void {
    snapshotRuns(this.engine).current?.cancel()
    this.replica?.connection.closed()
    this.client.closed()
  }

  private connect(): Connection {
    return new Connection(this.engine, new WireToNowhere(), this.outbox)
  }

  /** Commands come so many times. */
  private say(connection: Connection, commands: string, times = 1): void {
    const { request } = this
    const row = commands.split(' ; ').map(one => one.split(' '))
    request.clear()
    for (let i = 0; i < times; i++) for (const words of row) this.write(words)
    const { bytes } = request
    for (let at = 0; at < bytes.length; at += READ_BYTES) {
      this.read.u8.set(bytes.subarray(at, at + READ_BYTES), HEADROOM)
      connection.received(this.read, HEADROOM, Math.min(READ_BYTES, bytes.length - at))
    }
  }

  private write(words: readonly string[]): void {
    this.number = (this.number + STRIDE) % NUMBERS
    this.request.addCount(words.length)
    for (const word of words) this.request.addWord(this.filledIn(word))
  }

  private filledIn(word: string): CommandWord {
    if (word === '#') return this.number
    return word === '~' ? this.nextText() : word.replace('#', `${this.number}`.padStart(NAME_DIGITS, '0'))
  }

  private nextText(): Span {
    const { number, text } = this
    text.start = number
    text.length =
      number % HUGE_EVERY === 0
        ? HUGE_BYTES
        : number % LONG_EVERY === 0
          ? LONG_BYTES
          : 1 + (number % TEXT_MAX)
    return text
  }
}

function prose(bytes: number): Uint8Array {
  const words = Array.from({ length: bytes / 8 }, (_, i) => `the ${i * STRIDE} `)
  return Buffer.from(words.join(''), 'latin1').subarray(0, bytes)
}
