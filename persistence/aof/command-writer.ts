/**
 * Puts the commands of a log together, in memory, from where they are taken.
 *
 * How many words a command has stands in front of them. A command whose words come one by one is gathered beside the
 * log, and goes there as a whole: what is taken never ends within a command.
 */

import { Mem, type Span } from '../../server/lib/bytes.js'
import { CommandText, type CommandWord } from '../../server/resp/command-text.js'
import type { RawPiece } from '../rdb/press.js'
import { WriteBuffer } from './write-buffer.js'
import { ChecksumWriter } from './checksums.js'

/** As many elements as Redis puts into one command; fewer when they are large. */
const ITEMS_PER_COMMAND = 64
const BYTES_PER_COMMAND = 1 << 18

export class CommandWriter {
  private readonly log = new WriteBuffer()
  private readonly gathered = new CommandText()
  private readonly checksums: ChecksumWriter
  private words = 0
  private selected = -1

  /** `sums`: whether there are to be checksums. */
  constructor(sums: () => boolean) {
    this.checksums = new ChecksumWriter(sums)
  }

  /** Bytes that can be taken. */
  get length(): number {
    return this.log.length
  }

  /** Of the words that were gathered. */
  get gatheredBytes(): number {
    return this.gathered.length
  }

  annotate(text: string): void {
    this.log.addText(`#${text}\r\n`)
  }

  /** What is written from now on is about this database. */
  select(database: number): void {
    if (database === this.selected) return
    this.selected = database
    this.log.addSelect(database)
  }

  /** The next word of the command that is being put together. */
  gather(word: CommandWord): void {
    this.gathered.addWord(word)
    this.words++
  }

  /** Writes it: these words first, then what was gathered. */
  send(...first: readonly CommandWord[]): void {
    const { log, gathered } = this
    log.addCount(first.length + this.words)
    for (const word of first) log.addWord(word)
    log.append(gathered)
    gathered.clear()
    this.words = 0
    if (this.checksums.isDue(log)) this.checksums.seal(log, false)
  }

  /** What comes before all else. */
  begin(): void {
    this.checksums.open(this.log)
  }

  /** All that was written since the last time. */
  take(last = false): RawPiece {
    this.checksums.seal(this.log, last)
    const batch = this.log.take()
    this.checksums.taken()
    const { length } = batch.bytes
    const mem = Mem.copyOf(batch.bytes)
    this.log.give(batch)
    return { mem, length, marks: new Uint32Array(0), last }
  }
}

/** The commands that make one key. */
export class KeyWriter {
  private items = 0
  private adder = ''
  /** What follows the command under way: when it was begun, nobody could tell. */
  private behind: (readonly [name: string, words: readonly CommandWord[]])[] = []

  constructor(
    private readonly writer: CommandWriter,
    private readonly database: number,
    /** Has to stay where it is. */
    private readonly key: Span,
  ) {}

  gather(word: CommandWord): void {
    this.writer.gather(word)
  }

  /** Writes what was gathered as a command about the key. */
  send(name: string): void {
    this.writer.select(this.database)
    this.writer.send(name, this.key)
  }

  /** Writes a command about the key. `name` may be of two words. */
  write(name: string, ...words: readonly CommandWord[]): void {
    this.flush()
    this.writer.select(this.database)
    if (name.includes(' ')) this.writer.send(...name.split(' '), this.key, ...words)
    else this.writer.send(name, this.key, ...words)
  }

  /**
   * What was gathered is an element for a command that takes many, and takes this one with others. A value has one such
   * command.
   */
  add(adder: string): void {
    this.adder = adder
    if (++this.items === ITEMS_PER_COMMAND || this.writer.gatheredBytes >= BYTES_PER_COMMAND) this.flush()
  }

  /** A command about the element that was added last. Its words have to stay where they are. */
  follow(name: string, ...words: readonly CommandWord[]): void {
    if (this.items === 0) this.write(name, ...words)
    else this.behind.push([name, words])
  }

  /** Elements that were added so far become a command. To be called before another key has its turn. */
  flush(): void {
    if (this.items === 0) return
    this.items = 0
    this.send(this.adder)
    const { behind } = this
    this.behind = []
    for (const [name, words] of behind) this.write(name, ...words)
  }
}
