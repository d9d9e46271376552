import type { Reply } from '../../support/reply.js'
import { type Asked, type CommandModel, pick, some, testCommands, type World } from './model.js'

/** XDELEX, XACKDEL and XNACK: what groups still want with an entry, and what that keeps. */

interface Pending {
  /** Null: nobody answers for it. */
  consumer: string | null
  count: number | bigint
  /** When it was delivered, unix ms. */
  at: number
}

interface Group {
  /** The id that was delivered last. */
  last: number
  readonly pending: Map<number, Pending>
}

const GROUPS = ['g', 'h']
const CONSUMERS = ['alice', 'bob']
const IDS_MAX = 40
const FOREVER = 9223372036854775807n

class References implements CommandModel {
  private entries = new Set<number>()
  private readonly groups = new Map<string, Group>()
  private lastId = 0

  constructor(private readonly world: World) {}

  next(): Asked {
    if (this.lastId > 10_000_000) throw new Error('too many entries')
    return pick(this.world.random, this.makers)()
  }

  facts(): Asked[] {
    const facts: Asked[] = [[['XLEN', 's'], this.entries.size]]
    for (const [name, { pending }] of this.groups) {
      const ids = [...pending.keys()].sort((a, b) => a - b)
      const least = ids.length === 0 ? null : `${ids[0]}-0`
      facts.push([
        ['XPENDING', 's', name],
        [ids.length, least, ids.length === 0 ? null : idText(ids[ids.length - 1]), this.shares(name)],
      ])
    }
    return facts
  }

  private readonly makers: readonly (() => Asked)[] = [
    () => this.add(),
    () => this.add(),
    () => this.createGroup(),
    () => this.read(),
    () => this.read(),
    () => this.acknowledge(),
    () => this.remove(),
    () => this.acknowledgeAndRemove(),
    () => this.release(),
    () => this.tell(),
  ]

  /** Of each consumer; what nobody answers for is in no share. */
  private shares(name: string): Reply {
    const counts = new Map<string, number>()
    for (const { consumer } of this.groups.get(name)!.pending.values())
      if (consumer !== null) counts.set(consumer, (counts.get(consumer) ?? 0) + 1)
    if (counts.size === 0) return null
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([consumer, count]) => [consumer, `${count}`])
  }

  private add(): Asked {
    const id = ++this.lastId
    this.entries.add(id)
    return [['XADD', 's', `${id}-0`, 'f', 'v'], `${id}-0`]
  }

  private createGroup(): Asked {
    const missing = GROUPS.find(name => !this.groups.has(name))
    if (missing === undefined || this.lastId === 0 || this.world.random.below(4) > 0) return this.add()
    this.groups.set(missing, { last: 0, pending: new Map<number, Pending>() })
    return [['XGROUP', 'CREATE', 's', missing, '0'], 'OK']
  }

  private read(): Asked {
    const { random } = this.world
    const [name, consumer] = [pick(random, GROUPS), pick(random, CONSUMERS)]
    const group = this.groups.get(name)
    if (group === undefined) return this.add()
    const count = 1 + random.below(3)
    const ids = [...this.entries].filter(id => id > group.last).slice(0, count)
    for (const id of ids) group.pending.set(id, { consumer, count: 1, at: this.world.now() })
    group.last = ids.at(-1) ?? group.last
    const told = ids.map(id => [`${id}-0`, ['f', 'v']])
    const request = ['XREADGROUP', 'GROUP', name, consumer, 'COUNT', `${count}`, 'STREAMS', 's', '>']
    return [request, ids.length === 0 ? null : [['s', told]]]
  }

  private acknowledge(): Asked {
    const [name, group] = this.someGroup()
    const ids = this.ids()
    const met = ids.filter(id => group?.pending.delete(id) === true).length
    return [['XACK', 's', name, ...ids.map(idText)], met]
  }

  private remove(): Asked {
    const [references, ids] = [this.references(), this.ids()]
    const outcome = ids.map(id =>
      this.entries.has(id) ? this.drop(id, references) : this.forget(id, references),
    )
    return [['XDELEX', 's', ...references, ...counted(ids)], outcome]
  }

  private acknowledgeAndRemove(): Asked {
    const [name, group] = this.someGroup()
    const [references, ids] = [this.references(), this.ids()]
    const outcome = ids.map(id => {
      if (group?.pending.delete(id) !== true) return -1
      return this.entries.has(id) ? this.drop(id, references) : this.gone(id, references)
    })
    return [['XACKDEL', 's', name, ...references, ...counted(ids)], outcome]
  }

  /** Deletes an entry, unless it must stay for somebody. */
  private drop(id: number, references: readonly string[]): number {
    if (references[0] === 'ACKED' && this.isWanted(id)) return 2
    this.entries.delete(id)
    if (references[0] === 'DELREF') for (const { pending } of this.groups.values()) pending.delete(id)
    return 1
  }

  /** Of an entry that is not there DELREF ends what is pending all the same. */
  private forget(id: number, references: readonly string[]): number {
    if (references[0] === 'DELREF') for (const { pending } of this.groups.values()) pending.delete(id)
    return -1
  }

  private gone(id: number, references: readonly string[]): number {
    if (references[0] === 'ACKED' && this.isWanted(id)) return 2
    this.forget(id, references)
    return 1
  }

  private isWanted(id: number): boolean {
    return [...this.groups.values()].some(({ last, pending }) => last < id || pending.has(id))
  }

  private release(): Asked {
    const [name, group] = this.someGroup()
    if (group === undefined) return this.add()
    const mode = pick(this.world.random, ['SILENT', 'FAIL', 'FATAL'])
    const ids = this.ids()
    let released = 0
    for (const id of ids) {
      const entry = group.pending.get(id)
      if (entry === undefined) continue
      entry.consumer = null
      if (mode === 'FATAL') entry.count = FOREVER
      else if (mode === 'SILENT' && entry.count > 0) entry.count = BigInt(entry.count) - 1n
      released++
    }
    return [['XNACK', 's', name, mode, ...counted(ids)], released]
  }

  private tell(): Asked {
    const [name, group] = this.someGroup()
    if (group === undefined || this.groups.size === 0) return this.add()
    const ids = [...group.pending.keys()].sort((a, b) => a - b)
    const told = ids.map(id => {
      const { consumer, count, at } = group.pending.get(id)!
      return [`${id}-0`, consumer ?? '', consumer === null ? -1 : this.world.now() - at, plain(count)]
    })
    return [['XPENDING', 's', name, '-', '+', '100000'], told]
  }

  private someGroup(): readonly [string, Group | undefined] {
    const name = pick(this.world.random, GROUPS)
    return [name, this.groups.get(name)]
  }

  private references(): readonly string[] {
    return pick(this.world.random, [[], ['KEEPREF'], ['DELREF'], ['ACKED']])
  }

  /** Of late ones, mostly. */
  private ids(): number[] {
    return some(this.world.random, 3, () => Math.max(1, this.lastId - this.world.random.below(IDS_MAX)))
  }
}

const idText = (id: number): string => `${id}-0`
const counted = (ids: readonly number[]): string[] => ['IDS', `${ids.length}`, ...ids.map(idText)]
const plain = (count: number | bigint): number | bigint =>
  count <= Number.MAX_SAFE_INTEGER ? Number(count) : count

testCommands('entries stay as long as somebody wants them', world => new References(world))
