/**
 * How streams are retold: see plain-value.ts, and data/stream/serial.ts for what is read.
 *
 *      XADD for each entry, XSETID, and for each group XGROUP CREATE, then for each of its consumers
 *      XCLAIM for each entry it answers for, or XGROUP CREATECONSUMER if there is none
 *
 * XCLAIM only takes entries that are in the stream, but a group may wait for some that are not any more. Redis forgets
 * those here. We put each of them back into its place, as an entry that says nothing, and take them out again when they
 * are claimed.
 *
 * What is not promised: that finding them takes no time. It is done at the instant, in one go; where entries were deleted,
 * with a look at each pending one up to the last that was.
 */

import { RdbType } from '../../server/data/serial/encoding.js'
import type { ValueReader } from '../../server/data/serial/value-reader.js'
import { EntryCursor } from '../../server/data/stream/entry-cursor.js'
import { readId, readIdBytes, signed } from '../../server/data/stream/serial-parts.js'
import { StreamId } from '../../server/data/stream/stream-id.js'
import type { Stream } from '../../server/data/stream/stream.js'
import type { Span } from '../../server/lib/bytes.js'
import type { Arena } from '../../server/memory/arena.js'
import type { KeyWriter } from './command-writer.js'
import { PendingRecords } from './pending-records.js'
import type { Retell, Retelling } from './plain-value.js'

/** For an entry that is taken out again. */
const NOTHING = ['-', '-'] as const

/** Entries that some group waits for and that are not in the stream, in their order. */
export function lostEntries(stream: Stream): StreamId[] {
  const lost = new Map<string, StreamId>()
  const { length } = stream
  const first = stream.firstId.clone()
  const deleted = stream.deletedId.clone()
  const id = new StreamId()
  for (let i = 0; i < stream.groupCount; i++) {
    const { pending } = stream.groupAt(i)
    for (let more = pending.first(); more; more = pending.next()) {
      pending.id(id)
      const trimmed = length === 0 || id.compare(first) < 0
      // Nothing behind the last that was deleted can be missing.
      if (!trimmed && id.compare(deleted) > 0) break
      if (trimmed || !stream.holds(id)) lost.set(id.toString(), id.clone())
    }
  }
  return [...lost.values()].sort((a, b) => a.compare(b))
}

/** `form`: its type in RDB files; `lost`: see `lostEntries`. */
export function streamRetelling(form: number, lost: readonly StreamId[], arena: Arena): Retell {
  return (value, to) => new StreamRetelling(form, lost, arena, value, to).run()
}

/** What stands behind the entries. */
interface Counters {
  readonly length: number
  readonly lastId: StreamId
  readonly firstId: StreamId
  readonly deletedId: StreamId
  readonly added: number | bigint
}

class StreamRetelling {
  private readonly cursor: EntryCursor
  private putBack = 0

  constructor(
    private readonly form: number,
    private readonly lost: readonly StreamId[],
    arena: Arena,
    private readonly value: ValueReader,
    private readonly to: KeyWriter,
  ) {
    this.cursor = new EntryCursor(arena)
  }

  *run(): Retelling {
    const { value } = this
    for (let nodes = value.size(); nodes > 0; nodes--) {
      yield
      this.node()
    }
    yield
    const counters = this.counters()
    this.putBackBefore(null)
    if (counters.length === 0 && this.lost.length === 0) this.empty()
    this.setCounters(counters)
    for (let groups = value.size(); groups > 0; groups--) yield* this.group()
    if (this.form >= RdbType.streamListpacks4) yield* this.producers()
    if (this.lost.length > 0) this.takeOut(counters)
  }

  // Entries -------------------------------------------------------------------------------------------------

  private node(): void {
    const { value, cursor, to } = this
    const { mem, start } = value.string()
    const first = new StreamId().read(mem, start)
    const packed = value.string()
    cursor.openListpack(first, packed.mem, packed.start)
    while (cursor.nextInNode()) {
      this.putBackBefore(cursor.id)
      to.gather(cursor.id.toString())
      while (cursor.nextField()) {
        to.gather(cursor.field.span())
        to.gather(cursor.value.span())
      }
      to.send('XADD')
    }
  }

  /** Null: all that are left. */
  private putBackBefore(id: StreamId | null): void {
    const { lost, to } = this
    for (; this.putBack < lost.length; this.putBack++) {
      const next = lost[this.putBack]
      if (id !== null && next.compare(id) > 0) return
      to.write('XADD', next.toString(), ...NOTHING)
    }
  }

  /** Streams may be without entries. */
  private empty(): void {
    this.to.write('XADD', 'MAXLEN', '0', '0-1', ...NOTHING)
  }

  /** Those before the first entry were trimmed, the others deleted: that makes a difference to what a stream knows. */
  private takeOut(counters: Counters): void {
    const { lost, to } = this
    const { length, firstId } = counters
    if (length === 0) {
      to.write('XTRIM', 'MAXLEN', '=', '0')
    } else {
      if (lost[0].compare(firstId) < 0) to.write('XTRIM', 'MINID', '=', firstId.toString())
      for (const id of lost) if (id.compare(firstId) > 0) to.write('XDEL', id.toString())
    }
    this.setCounters(counters)
  }

  // Counters ------------------------------------------------------------------------------------------------

  private counters(): Counters {
    const { value } = this
    const length = value.size()
    const lastId = readId(value)
    const firstId = readId(value)
    const deletedId = readId(value)
    return { length, lastId, firstId, deletedId, added: signed(value.wideSize()) }
  }

  private setCounters({ lastId, added, deletedId }: Counters): void {
    this.to.write('XSETID', lastId.toString(), 'ENTRIESADDED', added, 'MAXDELETEDID', deletedId.toString())
  }

  // Groups --------------------------------------------------------------------------------------------------

  private *group(): Retelling {
    yield
    const { value, to } = this
    const name = value.string().clone()
    const lastId = readId(value).toString()
    to.write('XGROUP CREATE', name, lastId, 'ENTRIESREAD', signed(value.wideSize()))
    const pending = new PendingRecords(value.size())
    yield* pending.read(value)
    for (let consumers = value.size(); consumers > 0; consumers--) yield* this.consumer(name, pending)
  }

  /** Entries that nobody answers for stand with a consumer without a name, as delivered in 1970. */
  private *consumer(group: Span, pending: PendingRecords): Retelling {
    yield
    const { value, to, form } = this
    const name = value.string().clone()
    const seen = value.int64()
    if (form >= RdbType.streamListpacks3) value.int64()
    const owned = value.size()
    const isNobody = name.length === 0 && seen === 0n
    if (owned === 0 && !isNobody) to.write('XGROUP CREATECONSUMER', group, name)
    for (let left = owned; left > 0; left--) {
      yield
      const id = readIdBytes(value)
      const { deliveredMs, deliveries } = pending.find(id)
      const about = ['RETRYCOUNT', deliveries] as const
      if (name.length === 0 && deliveredMs === 0n)
        to.write('XNACK', group, 'SILENT', 'IDS', '1', id.toString(), ...about, 'FORCE')
      else
        to.write('XCLAIM', group, name, '0', id.toString(), 'TIME', deliveredMs, ...about, 'JUSTID', 'FORCE')
    }
  }

  // Producers -----------------------------------------------------------------------------------------------

  private *producers(): Retelling {
    yield
    const { value, to } = this
    to.write('XCFGSET', 'IDMP-DURATION', value.size(), 'IDMP-MAXSIZE', value.size())
    for (let producers = value.size(); producers > 0; producers--) {
      yield
      const name = value.string().clone()
      for (let messages = value.size(); messages > 0; messages--) {
        yield
        const message = value.string().clone()
        to.write('XIDMPRECORD', name, message, readId(value).toString())
      }
    }
    yield
    // How many were recorded and repeated: there is no command that would say.
    value.wideSize()
    value.wideSize()
  }
}
