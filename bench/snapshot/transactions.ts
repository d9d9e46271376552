import { setTimeout as sleep } from 'node:timers/promises'
import { Connection, encodeCommand } from '../server/connection.js'

/**
 * A data set with an invariant, and writes that keep it. Each transaction counts up both halves of a pair, counts itself
 * in `total`, and writes its own number into one of the other keys:
 *
 *     MULTI / INCR left:P / INCR right:P / INCR total / SET key:K <number and padding> / EXEC
 *
 * So at any instant the halves are equal, all of them together come to `total`, and no key knows a number above it. A
 * file that mixes two instants breaks one of the three; and as there is one writer, `total` tells of which instant it is.
 */
export interface DataSet {
  /** Keys, all told. */
  readonly keys: number
  readonly pairs: number
}

export function dataSetOf(keys: number): DataSet {
  return { keys, pairs: Math.floor(keys / 20) }
}

/** What is in a value besides its number: such as LZF can shorten a little. */
const PADDING = ' the quick brown fox jumps over the lazy dog and the quick cat'
const REPLIES = 6
const KEYS_PER_BATCH = 1000
/** Transactions of one batch, and how often one is sent. */
const BATCH = 25
const PACE_MS = 5

const valueOf = (number: number): string => `${number}`.padStart(12, '0') + PADDING

const others = ({ keys, pairs }: DataSet): number => keys - 2 * pairs - 1

export async function fill(port: number, data: DataSet): Promise<void> {
  const connection = await Connection.open(port)
  await setAll(connection, others(data), i => ['SET', `key:${i}`, valueOf(0)])
  await setAll(connection, data.pairs, i => ['MSET', `left:${i}`, '0', `right:${i}`, '0'])
  await connection.call('SET', 'total', '0')
  connection.close()
}

async function setAll(
  connection: Connection,
  count: number,
  command: (i: number) => readonly string[],
): Promise<void> {
  for (let from = 0; from < count; from += KEYS_PER_BATCH) {
    const size = Math.min(KEYS_PER_BATCH, count - from)
    const text = Array.from({ length: size }, (_, i) => encodeCommand(command(from + i))).join('')
    await connection.send(Buffer.from(text, 'latin1'), size)
  }
}

/** The one writer. It sends at a steady pace, so that two servers, and two phases of one, do the same work. */
export class Writer {
  /** Transactions sent. */
  sent = 0
  private seed = 1

  private constructor(
    private readonly connection: Connection,
    private readonly data: DataSet,
  ) {}

  static async open(port: number, data: DataSet): Promise<Writer> {
    return new Writer(await Connection.open(port), data)
  }

  close(): void {
    this.connection.close()
  }

  /** Writes for so long. */
  async writeFor(ms: number): Promise<void> {
    const started = performance.now()
    for (let due = PACE_MS; due <= ms; due += PACE_MS) {
      await this.writeBatch()
      const ahead = started + due - performance.now()
      if (ahead > 0) await sleep(ahead)
    }
  }

  /** Sends BGSAVE between two transactions; answers how many were before. */
  async save(): Promise<number> {
    await this.connection.call('BGSAVE')
    return this.sent
  }

  private async writeBatch(): Promise<void> {
    let text = ''
    for (let i = 0; i < BATCH; i++) text += this.transaction()
    await this.connection.send(Buffer.from(text, 'latin1'), BATCH * REPLIES)
  }

  private transaction(): string {
    const number = ++this.sent
    const pair = this.below(this.data.pairs)
    return [
      ['MULTI'],
      ['INCR', `left:${pair}`],
      ['INCR', `right:${pair}`],
      ['INCR', 'total'],
      ['SET', `key:${this.below(others(this.data))}`, valueOf(number)],
      ['EXEC'],
    ]
      .map(encodeCommand)
      .join('')
  }

  /** The same sequence in every run (xorshift). */
  private below(bound: number): number {
    this.seed ^= this.seed << 13
    this.seed ^= this.seed >>> 17
    this.seed ^= this.seed << 5
    return (this.seed >>> 0) % bound
  }
}

/** Throws unless the server holds exactly the first `transactions` of them. */
export async function checkInstant(port: number, data: DataSet, transactions: number): Promise<void> {
  const connection = await Connection.open(port)
  const total = Number(await connection.call('GET', 'total'))
  if (total !== transactions) throw new Error(`the file is of ${total} transactions, not of ${transactions}`)
  let sum = 0
  await readAll(
    connection,
    data.pairs,
    i => [`left:${i}`, `right:${i}`],
    values => {
      for (let i = 0; i < values.length; i += 2) {
        if (values[i] !== values[i + 1])
          throw new Error(`halves of a pair are ${values[i]} and ${values[i + 1]}`)
        sum += values[i]
      }
    },
  )
  if (sum !== transactions) throw new Error(`all pairs count ${sum} transactions, not ${transactions}`)
  await readAll(
    connection,
    others(data),
    i => [`key:${i}`],
    values => {
      const latest = values.reduce((a, b) => Math.max(a, b))
      if (!(latest <= transactions)) throw new Error(`a key is of transaction ${latest}`)
    },
  )
  connection.close()
}

async function readAll(
  connection: Connection,
  count: number,
  names: (i: number) => readonly string[],
  look: (values: number[]) => void,
): Promise<void> {
  for (let from = 0; from < count; from += KEYS_PER_BATCH) {
    const size = Math.min(KEYS_PER_BATCH, count - from)
    const keys = Array.from({ length: size }, (_, i) => names(from + i)).flat()
    const values = await connection.call('MGET', ...keys)
    look((values as string[]).map(text => parseInt(text, 10)))
  }
}
