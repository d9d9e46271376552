/**
 * One connection to our master, from the call to its end.
 *
 *      connecting -> handshake -> [transfer -> loading] -> online
 *
 *  - handshake: who we are, and what we have (handshake.ts).
 *  - transfer, loading: only when the master does not let us go on from where we are (intake.ts).
 *  - online: the stream runs (master-session.ts); once a second we say how far we are.
 *
 * A link that fails in any way ends, and tells its owner, who calls again after a while. Nothing is kept from one link
 * to the next but the history and the offset.
 */

import { AOF } from '../persistence/aof/aof.js'
import type { MasterAddress } from '../server/config/kinds/lists.js'
import type { Engine } from '../server/engine/engine.js'
import { Mem } from '../server/lib/bytes.js'
import type { Call, Network, Wire, WireOwner } from '../server/lib/network.js'
import { systemSentence } from '../server/process/system-sentence.js'
import { HEADROOM } from '../server/resp/parser.js'
import { Conversation, LinkEnded } from './conversation.js'
import { DiskOffset, type LogProgress } from './disk-offset.js'
import { Demotion } from './demotion.js'
import { Handshake, type SyncAnswer } from './handshake.js'
import { Intake } from './intake.js'
import { LinkTransport } from './link-transport.js'
import type { Master } from './master.js'
import { MasterSession } from './master-session.js'
import type { Transfer } from './transfer.js'

export type LinkState = 'connecting' | 'handshake' | 'transfer' | 'loading' | 'online'

const SIGN_OF_LIFE = Buffer.from('\n')

/** Whose link it is. */
export interface LinkOwner {
  /** The master is a replica of ours that is to take over. */
  readonly handsOver: boolean
  /** What the master said to our wish to go on. */
  answered(kind: SyncAnswer['kind']): void
  ended(link: MasterLink): void
  /** So many bytes have come. */
  received(bytes: number): void
}

export class MasterLink implements WireOwner {
  state: LinkState = 'connecting'
  /** Monotonic ms: when something came last. */
  heardMs: number
  stream: MasterSession | null = null
  private intake: Intake | null = null
  private readonly conversation: Conversation
  private readonly disk: DiskOffset
  private readonly call: Call
  private wire: Wire | null = null
  private over = false
  /** The master was there and meant well, but the link broke. */
  wasCut = false
  /** What the master says cannot be understood. */
  isNonsense = false

  constructor(
    private readonly engine: Engine,
    network: Network,
    address: MasterAddress,
    private readonly master: Master,
    private readonly owner: LinkOwner,
  ) {
    this.heardMs = engine.nowMs
    this.disk = new DiskOffset(() => logProgress(engine))
    this.conversation = new Conversation(
      bytes => void this.wire?.write(bytes),
      wanted => this.listen(wanted),
    )
    const { bindSourceAddr } = engine.config.values
    const from = bindSourceAddr === '' ? {} : { from: bindSourceAddr }
    const failed = (reason: string): void => this.fail(`Error condition on socket for SYNC: ${reason}`)
    this.call = network.connect({ ...address, ...from }, wire => this.begin(wire), failed)
  }

  /** What is coming of a snapshot. */
  get transfer(): Transfer | null {
    return this.intake?.transfer ?? null
  }

  /** True when the master has something to send; else its silence means nothing. */
  get awaits(): boolean {
    return this.state !== 'loading' || this.conversation.isAwaited
  }

  /** Ends it without a word. */
  close(): void {
    if (this.over) return
    this.over = true
    this.call.cancel()
    this.wire?.destroy()
    this.stream?.close()
    this.conversation.end()
    this.owner.ended(this)
  }

  fail(reason: string): void {
    if (this.over) return
    this.engine.log.warning(reason)
    this.close()
  }

  /** Tells the master how far we are, in memory and on disk. */
  acknowledge(): void {
    if (this.stream === null) return
    const { offset } = this.stream
    const safe = this.disk.advance(offset)
    const onDisk = safe === null ? [] : ['FACK', `${safe}`]
    this.conversation.say('REPLCONF', 'ACK', `${offset}`, ...onDisk)
  }

  /** More may be safe on our disk. A master that has asked is not left waiting until the second is over. */
  diskMoved(): void {
    if (this.stream !== null && this.disk.owes(this.stream.offset)) this.acknowledge()
  }

  /** While we are busy with its snapshot, the master must not take us for dead. */
  keepAlive(): void {
    if (this.state === 'loading') this.wire?.write(SIGN_OF_LIFE)
  }

  private listen(wanted: boolean): void {
    this.heardMs = this.engine.nowMs
    if (wanted) this.wire?.resume()
    else this.wire?.pause()
  }

  // As the wire's owner ---------------------------------------------------------------------------------------

  received(mem: Mem, start: number, length: number): boolean {
    if (this.over) return false
    this.heardMs = this.engine.clock.monotonicUs() / 1000
    this.owner.received(length)
    if (this.stream === null) this.conversation.hear(mem, start, length)
    else this.run(mem, start, length)
    return this.stream !== null
  }

  receivedAll(): void {
    this.closed()
  }

  drained(): void {
    // What we say is short.
  }

  closed(): void {
    this.wasCut = this.state === 'transfer' || this.state === 'loading'
    this.fail(this.state === 'online' ? 'Connection with master lost.' : 'The master closed the connection')
  }

  // Synchronization -------------------------------------------------------------------------------------------

  private begin(wire: Wire): this {
    this.wire = wire
    this.state = 'handshake'
    wire.noDelay(!this.engine.config.values.replDisableTcpNodelay)
    void this.synchronize().catch((error: unknown) => {
      if (error instanceof LinkEnded) this.close()
      else this.fail(systemSentence(error))
    })
    return this
  }

  private async synchronize(): Promise<void> {
    const handshake = new Handshake(this.engine, this.conversation)
    const demotion = new Demotion(this.engine, this.master, this.conversation)
    await handshake.begin()
    await demotion.ask()
    const answer = await handshake.ask(this.master, this.owner.handsOver)
    this.owner.answered(answer.kind)
    switch (answer.kind) {
      case 'continue':
        return this.goOn(answer.replid)
      case 'full':
        await demotion.save(answer.replid)
        return this.beginAnew(answer.replid, answer.offset)
      case 'later':
        throw new Error(
          `Master is currently unable to PSYNC but should be in the future: ${answer.line.slice(1)}`,
        )
      case 'refused':
        throw new Error(`Unexpected reply to PSYNC from master: ${answer.line}`)
    }
  }

  private goOn(replid: string): void {
    if (this.over) return
    this.engine.log.notice('Successful partial resynchronization with master.')
    this.engine.log.notice('MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.')
    this.master.rename(replid)
    this.goOnline()
  }

  private async beginAnew(replid: string, offset: number): Promise<void> {
    const { engine, master, conversation } = this
    engine.log.notice(`Full resync from master: ${replid}:${offset}`)
    this.state = 'transfer'
    this.intake = new Intake(engine, master, conversation, { replid, offset }, () => {
      this.state = 'loading'
    })
    this.master.streamDb = await this.intake.run()
    engine.log.notice('MASTER <-> REPLICA sync: Finished with success')
    if (!this.over) this.goOnline()
  }

  // Online ----------------------------------------------------------------------------------------------------

  private goOnline(): void {
    const { engine, master } = this
    const { backlog } = master.openStream()
    const transport = new LinkTransport(this.wire!, () => this.resume())
    this.stream = new MasterSession(engine, backlog, transport, master.streamDb)
    this.intake = null
    this.state = 'online'
    const input = this.conversation.rest()
    const mem = Mem.ofSize((HEADROOM + input.length + 7) & ~7)
    mem.u8.set(input, HEADROOM)
    if (input.length > 0) this.run(mem, HEADROOM, input.length)
    this.acknowledge()
  }

  private run(mem: Mem, start: number, length: number): void {
    const nonsense = this.stream?.take(mem, start, length) ?? null
    this.isNonsense = nonsense !== null
    if (nonsense === null) this.note()
    else this.fail(`The stream of the master makes no sense: ${nonsense}`)
  }

  /** A pause has ended. */
  goOnAfterPause(): void {
    if (this.stream?.isBehind === true) this.resume()
  }

  private resume(): void {
    if (this.over || this.stream === null) return
    this.stream.run()
    this.note()
  }

  private note(): void {
    const { stream } = this
    this.master.streamDb = stream?.session.db.index ?? 0
    this.engine.wantTurn()
    if (stream?.isAsked !== true) return
    stream.isAsked = false
    this.disk.ask(stream.offset)
    this.acknowledge()
  }
}

/** Null while there is no append-only file that holds all our data. */
function logProgress({ rooms }: Engine): LogProgress | null {
  const aof = rooms.find(AOF)
  return aof?.state === 'on' ? aof.appender : null
}
