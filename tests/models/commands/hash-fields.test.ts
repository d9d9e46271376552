import type { Reply } from '../../support/reply.js'
import { type Asked, type CommandModel, pick, some, testCommands, type World } from './model.js'

/** HEXPIRE and its kin, HGETEX, HSETEX and HGETDEL, among the older commands that touch the times of fields. */

interface Held {
  value: string
  /** Unix ms; Infinity: it stays. */
  due: number
}

type Fields = Map<string, Held>

const NAMES = ['a', 'b']
const FIELDS = ['f', 'g', 'h', 'i', 'j', '7']
const VALUES = ['x', 'long value', '1', '22']
const CONDITIONS = ['NX', 'XX', 'GT', 'LT'] as const

type Condition = (typeof CONDITIONS)[number]

class FieldTimes implements CommandModel {
  private readonly hashes = new Map<string, Fields>(NAMES.map(name => [name, new Map<string, Held>()]))

  constructor(private readonly world: World) {}

  next(): Asked {
    const { random } = this.world
    const name = pick(random, NAMES)
    const fields = this.living(name)
    const make = pick(random, this.makers)
    return make(name, fields)
  }

  facts(): Asked[] {
    return NAMES.flatMap(name => {
      const fields = this.living(name)
      const times = FIELDS.map(field => timeOf(fields.get(field), due => due))
      return [
        [['HLEN', name], fields.size],
        [['EXISTS', name], Number(fields.size > 0)],
        [['HMGET', name, ...FIELDS], FIELDS.map(field => fields.get(field)?.value ?? null)],
        [['HPEXPIRETIME', name, ...counted(FIELDS)], times],
      ] satisfies Asked[]
    })
  }

  private readonly makers: readonly ((name: string, fields: Fields) => Asked)[] = [
    (name, fields) => this.set(name, fields),
    (name, fields) => this.set(name, fields),
    (name, fields) => this.expire(name, fields),
    (name, fields) => this.expire(name, fields),
    (name, fields) => this.expire(name, fields),
    (name, fields) => this.tell(name, fields),
    (name, fields) => this.persist(name, fields),
    (name, fields) => this.getEx(name, fields),
    (name, fields) => this.setEx(name, fields),
    (name, fields) => this.setEx(name, fields),
    (name, fields) => this.getDel(name, fields),
    (name, fields) => this.remove(name, fields),
    (name, fields) => this.increment(name, fields),
  ]

  /** The fields that time has left. */
  private living(name: string): Fields {
    const fields = this.hashes.get(name)!
    for (const [field, { due }] of fields) if (due <= this.world.now()) fields.delete(field)
    return fields
  }

  private set(name: string, fields: Fields): Asked {
    const [field, value] = [this.field(), this.value()]
    const made = !fields.has(field)
    fields.set(field, { value, due: Infinity })
    return [['HSET', name, field, value], Number(made)]
  }

  private expire(name: string, fields: Fields): Asked {
    const { random } = this.world
    const [words, due] = this.deadline(['HEXPIRE', 'HPEXPIRE', 'HEXPIREAT', 'HPEXPIREAT'])
    const condition = random.below(2) === 0 ? null : pick(random, CONDITIONS)
    const wanted = this.fields()
    const outcome = wanted.map(field => {
      const held = fields.get(field)
      if (held === undefined) return -2
      if (!isMet(condition, held.due, due)) return 0
      if (due <= this.world.now()) return fields.delete(field) ? 2 : 0
      held.due = due
      return 1
    })
    const [command, time] = words
    return [[command, name, time, ...(condition === null ? [] : [condition]), ...counted(wanted)], outcome]
  }

  private tell(name: string, fields: Fields): Asked {
    const { random, now } = this.world
    const wanted = this.fields()
    const inSeconds = (ms: number): number => Math.ceil(ms / 1000)
    const [command, told] = pick(random, [
      ['HTTL', (due: number) => inSeconds(due - now())],
      ['HPTTL', (due: number) => due - now()],
      ['HEXPIRETIME', (due: number) => inSeconds(due)],
      ['HPEXPIRETIME', (due: number) => due],
    ] as const)
    return [[command, name, ...counted(wanted)], wanted.map(field => timeOf(fields.get(field), told))]
  }

  private persist(name: string, fields: Fields): Asked {
    const wanted = this.fields()
    const outcome = wanted.map(field => {
      const held = fields.get(field)
      if (held === undefined) return -2
      if (held.due === Infinity) return -1
      held.due = Infinity
      return 1
    })
    return [['HPERSIST', name, ...counted(wanted)], outcome]
  }

  private getEx(name: string, fields: Fields): Asked {
    const { random, now } = this.world
    const wanted = this.fields()
    const values = this.values(fields, wanted)
    const [words, due] = pick(random, [
      [[], null],
      [['PERSIST'], Infinity],
      this.deadline(['EX', 'PX', 'EXAT', 'PXAT']),
    ] as const)
    for (const field of due === null ? [] : wanted) {
      const held = fields.get(field)
      if (held === undefined) continue
      if (due! <= now()) fields.delete(field)
      else held.due = due!
    }
    return [['HGETEX', name, ...words, ...counted(wanted)], values]
  }

  private setEx(name: string, fields: Fields): Asked {
    const { random, now } = this.world
    const wanted = [...new Set(this.fields())]
    const condition = pick(random, [[], [], ['FNX'], ['FXX']])
    const [words, due] = pick(random, [
      [[], Infinity],
      [['KEEPTTL'], null],
      this.deadline(['EX', 'PX', 'EXAT', 'PXAT']),
    ] as const)
    const pairs = wanted.map(field => [field, this.value()] as const)
    const there = wanted.filter(field => fields.has(field)).length
    const allowed =
      condition[0] === 'FNX' ? there === 0 : condition[0] === 'FXX' ? there === wanted.length : true
    const request = ['HSETEX', name, ...condition, ...words, 'FIELDS', `${pairs.length}`, ...pairs.flat()]
    if (!allowed) return [request, 0]
    for (const [field, value] of pairs) {
      const until = due ?? fields.get(field)?.due ?? Infinity
      if (until <= now()) fields.delete(field)
      else fields.set(field, { value, due: until })
    }
    return [request, 1]
  }

  private getDel(name: string, fields: Fields): Asked {
    const wanted = [...new Set(this.fields())]
    const values = this.values(fields, wanted)
    for (const field of wanted) fields.delete(field)
    return [['HGETDEL', name, ...counted(wanted)], values]
  }

  private remove(name: string, fields: Fields): Asked {
    const field = this.field()
    return [['HDEL', name, field], Number(fields.delete(field))]
  }

  /** The time of a field stays. */
  private increment(name: string, fields: Fields): Asked {
    const held = fields.get('7')
    if (held !== undefined && !/^\d+$/.test(held.value)) return [['HEXISTS', name, '7'], 1]
    const value = Number(held?.value ?? 0) + 1
    fields.set('7', { value: `${value}`, due: held?.due ?? Infinity })
    return [['HINCRBY', name, '7', '1'], value]
  }

  private values(fields: Fields, wanted: readonly string[]): Reply[] {
    return wanted.map(field => fields.get(field)?.value ?? null)
  }

  /** One of four ways to say when, by which name it goes: in s or ms, from now or as a date; now and then past. */
  private deadline(names: readonly string[]): readonly [words: readonly [string, string], due: number] {
    const { random, now } = this.world
    const way = random.below(4)
    const [unit, base] = [way % 2 === 0 ? 1000 : 1, way < 2 ? 0 : now()]
    // A lifetime of 0 is a fault where it is an option.
    const least = names[0] === 'EX' ? 1 : 0
    const lifetime = least + random.below(unit === 1000 ? 4 : 3000)
    const said = Math.floor(base / unit) + lifetime
    return [[names[way], `${said}`], way < 2 ? now() + said * unit : said * unit]
  }

  private field(): string {
    return pick(this.world.random, FIELDS)
  }

  private value(): string {
    return pick(this.world.random, VALUES)
  }

  private fields(): string[] {
    return some(this.world.random, 3, () => this.field())
  }
}

const counted = (fields: readonly string[]): string[] => ['FIELDS', `${fields.length}`, ...fields]

function timeOf(held: Held | undefined, told: (due: number) => number): number {
  if (held === undefined) return -2
  return held.due === Infinity ? -1 : told(held.due)
}

/** No time is longer than any. */
function isMet(condition: Condition | null, had: number, due: number): boolean {
  switch (condition) {
    case 'NX':
      return had === Infinity
    case 'XX':
      return had !== Infinity
    case 'GT':
      return had !== Infinity && due > had
    case 'LT':
      return due < had
    case null:
      return true
  }
}

testCommands('fields of hashes die when it was said', world => new FieldTimes(world))
