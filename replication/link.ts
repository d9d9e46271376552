/**
 * One connection to our master, from the call to its end.
 *
 *      connecting -> handshake -> [transfer -> loading] -> online
 *
 *  - handshake: PING, AUTH, REPLCONF (who we are), PSYNC; each waits for its answer, a line.
 *  - transfer, loading: only when the master does not let us go on from where we are (transfer.ts).
 *  - online: the stream runs (master-session.ts); once a second we say how far we are.
 *
 * A link that fails in any way ends, and tells its owner, who calls again after a while. Nothing is kept from one link
 * to the next but the history and the offset.
 */

import { AOF } from '../persistence/aof/aof.js'
import { loadingOf } from '../persistence/loading.js'
import { loadRdbFile } from '../persistence/rdb/load.js'
import type { MasterAddress } from '../server/config/kinds/lists.js'
import type { Engine } from '../server/engine/engine.js'
import { REDIS_VERSION } from '../server/engine/version.js'
import { Mem } from '../server/lib/bytes.js'
import type { Call, Network, Wire, WireOwner } from '../server/lib/network.js'
import { systemSentence } from '../server/process/system-sentence.js'
import { HEADROOM } from '../server/resp/parser.js'
import { LinkTransport } from './link-transport.js'
import type { Master } from './master.js'
import { MasterSession } from './master-session.js'
import { Transfer } from './transfer.js'

export type LinkState = 'connecting' | 'handshake' | 'transfer' | 'loading' | 'online'

/** With so much waiting for the disk nothing more is read. */
const HIGH_WATER = 8 << 20

export class MasterLink implements WireOwner {
  state: LinkState = 'connecting'
  /** Monotonic ms: when something came last. */
  heardMs: number
  transfer: Transfer | null = null
  stream: MasterSession | null = null
  private readonly call: Call
  private wire: Wire | null = null
  /** What came and was not read yet, before the stream. */
  private input = Buffer.alloc(0)
  private wakeReader: (() => void) | null = null
  private over = false

  constructor(
    private readonly engine: Engine,
    network: Network,
    address: MasterAddress,
    private readonly master: Master,
    private readonly ended: (link: MasterLink) => void,
  ) {
    this.heardMs = engine.nowMs
    const failed = (reason: string): void => this.fail(`Error condition on socket for SYNC: ${reason}`)
    this.call = network.connect(
      address,
      wire => {
        this.wire = wire
        this.state = 'handshake'
        void this.synchronize().catch((error: unknown) => this.fail(systemSentence(error)))
        return this
      },
      failed,
    )
  }

  /** Ends it without a word. */
  close(): void {
    if (this.over) return
    this.over = true
    this.call.cancel()
    this.wire?.destroy()
    this.stream?.close()
    this.wakeReader?.()
    if (this.state === 'transfer') void this.transfer?.discard()
    this.ended(this)
  }

  fail(reason: string): void {
    if (this.over) return
    this.engine.log.warning(reason)
    this.close()
  }

  /** Tells the master how far we are. */
  acknowledge(): void {
    if (this.stream === null) return
    this.send('REPLCONF', 'ACK', String(this.stream.offset))
  }

  // As the wire's owner ---------------------------------------------------------------------------------------

  received(mem: Mem, start: number, length: number): boolean {
    if (this.over) return false
    this.heardMs = this.engine.clock.monotonicUs() / 1000
    if (this.stream === null) this.collect(mem, start, length)
    else this.run(mem, start, length)
    return this.stream !== null
  }

  private collect(mem: Mem, start: number, length: number): void {
    const bytes = Buffer.from(mem.u8.subarray(start, start + length))
    this.input = this.input.length === 0 ? bytes : Buffer.concat([this.input, bytes])
    this.wakeReader?.()
  }

  receivedAll(): void {
    this.closed()
  }

  drained(): void {
    // What we say is short.
  }

  closed(): void {
    this.fail(this.state === 'online' ? 'Connection with master lost.' : 'The master closed the connection')
  }

  // Handshake -------------------------------------------------------------------------------------------------

  private async synchronize(): Promise<void> {
    await this.ping()
    await this.authenticate()
    await this.introduce()
    const answer = await this.askToGoOn()
    if (answer.startsWith('+CONTINUE')) this.goOn(answer.split(' ')[1] ?? '')
    else if (answer.startsWith('+FULLRESYNC')) await this.beginAnew(answer.split(' '))
    else throw new Error(`Unexpected reply to PSYNC from master: ${answer}`)
  }

  private async ping(): Promise<void> {
    const answer = await this.ask('PING')
    const wantsPassword = /^-(NOAUTH|NOPERM|ERR operation not permitted)/.test(answer)
    if (!answer.startsWith('+') && !wantsPassword)
      throw new Error(`Error reply to PING from master: '${answer}'`)
    this.engine.log.notice('Master replied to PING, replication can continue...')
  }

  private async authenticate(): Promise<void> {
    const { masteruser, masterauth } = this.engine.config.values
    if (masterauth === '') return
    const user = masteruser === '' ? [] : [masteruser]
    const answer = await this.ask('AUTH', ...user, masterauth)
    if (answer.startsWith('-')) throw new Error(`Unable to AUTH to MASTER: ${answer}`)
  }

  /** A master that does not know one of these can do without. */
  private async introduce(): Promise<void> {
    const { replicaAnnouncePort, replicaAnnounceIp, port } = this.engine.config.values
    await this.ask('REPLCONF', 'listening-port', String(replicaAnnouncePort || port))
    if (replicaAnnounceIp !== '') await this.ask('REPLCONF', 'ip-address', replicaAnnounceIp)
    await this.ask('REPLCONF', 'capa', 'eof', 'capa', 'psync2')
    await this.ask('REPLCONF', 'version', REDIS_VERSION)
  }

  private askToGoOn(): Promise<string> {
    const { master } = this
    const { log } = this.engine
    if (master.stream === null) {
      log.notice('Partial resynchronization not possible (no cached master)')
      return this.ask('PSYNC', '?', '-1')
    }
    const { replid } = master.history
    log.notice(`Trying a partial resynchronization (request ${replid}:${master.offset + 1}).`)
    return this.ask('PSYNC', replid, String(master.offset + 1))
  }

  // Synchronization -------------------------------------------------------------------------------------------

  private goOn(replid: string): void {
    this.engine.log.notice('Successful partial resynchronization with master.')
    this.master.rename(replid)
    this.goOnline(this.master.streamDb)
  }

  private async beginAnew([, replid, digits]: readonly string[]): Promise<void> {
    const { engine } = this
    const offset = Number(digits)
    engine.log.notice(`Full resync from master: ${replid}:${digits}`)
    const transfer = await this.fetch()
    try {
      if (this.over) return
      this.state = 'loading'
      const database = await this.load(transfer.path)
      if (this.over) return
      this.master.adopt(replid, offset)
      this.goOnline(database)
      engine.log.notice('MASTER <-> REPLICA sync: Finished with success')
    } finally {
      await transfer.discard()
    }
  }

  private async fetch(): Promise<Transfer> {
    const line = await this.line()
    if (!line.startsWith('$'))
      throw new Error(`Bad protocol from MASTER, the first byte is not '$': '${line}'`)
    this.state = 'transfer'
    const transfer = new Transfer(this.engine, line.slice(1))
    this.transfer = transfer
    for (let rest: Buffer | null = null; rest === null;) {
      while (this.input.length === 0) await this.more()
      const bytes = this.input
      this.input = Buffer.alloc(0)
      rest = transfer.take(bytes)
      if (transfer.pendingBytes > HIGH_WATER) await this.pauseUntil(transfer.finished())
      if (rest !== null) this.input = Buffer.concat([rest, this.input])
    }
    await transfer.finish()
    return transfer
  }

  private async pauseUntil(done: Promise<void>): Promise<void> {
    this.wire?.pause()
    await done
    this.wire?.resume()
  }

  /** Resolves to the database that the stream speaks of. What there was before is gone. */
  private async load(path: string): Promise<number> {
    const { engine } = this
    const aof = engine.config.values.appendonly ? engine.rooms.find(AOF) : null
    engine.log.notice('MASTER <-> REPLICA sync: Flushing old data')
    this.master.forget()
    await aof?.turnOff()
    const loading = loadingOf(engine)
    loading.begin()
    try {
      for (const db of engine.keyspace.databases) db.flush(false)
      engine.functions.clear()
      engine.log.notice('MASTER <-> REPLICA sync: Loading DB in memory')
      const { aux } = await loadRdbFile(engine, path, { keepExpired: true })
      return Number(aux.get('repl-stream-db') ?? 0)
    } finally {
      loading.end()
      if (aof !== null) void aof.turnOn()
    }
  }

  private goOnline(database: number): void {
    const { engine, master, input } = this
    const { backlog } = master.openStream()
    const transport = new LinkTransport(this.wire!, () => this.resume())
    this.stream = new MasterSession(engine, backlog, transport, Math.max(0, database))
    this.transfer = null
    this.state = 'online'
    this.input = Buffer.alloc(0)
    const mem = Mem.ofSize((HEADROOM + input.length + 7) & ~7)
    mem.u8.set(input, HEADROOM)
    if (input.length > 0) this.run(mem, HEADROOM, input.length)
    this.acknowledge()
  }

  private run(mem: Mem, start: number, length: number): void {
    if (this.stream?.take(mem, start, length) === false) this.fail('The stream of the master makes no sense')
    else this.note()
  }

  private resume(): void {
    if (this.over || this.stream === null) return
    this.stream.run()
    this.note()
  }

  private note(): void {
    this.master.streamDb = this.stream?.session.db.index ?? 0
    this.engine.wantTurn()
  }

  // Lines -----------------------------------------------------------------------------------------------------

  private async ask(...words: readonly string[]): Promise<string> {
    this.send(...words)
    return this.line()
  }

  private send(...words: readonly string[]): void {
    const bulks = words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    this.wire?.write(Buffer.from(`*${words.length}\r\n${bulks.join('')}`))
  }

  /** The next line that is not empty: those are signs of life. */
  private async line(): Promise<string> {
    for (;;) {
      const end = this.input.indexOf(10)
      if (end < 0) await this.more()
      else {
        const line = this.input.toString('latin1', 0, end).trimEnd()
        this.input = this.input.subarray(end + 1)
        if (line !== '') return line
      }
    }
  }

  private async more(): Promise<void> {
    await new Promise<void>(resolve => {
      this.wakeReader = resolve
    })
    this.wakeReader = null
    if (this.over) throw new Error('the link has ended')
  }
}
