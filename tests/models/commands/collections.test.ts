import { type Asked, type CommandModel, pick, some, testCommands, type World } from './model.js'

/** LMOVEM; SINTERCARD, SDIFFCARD and SUNIONCARD; BITOP DIFF, DIFF1, ANDOR and ONE. */

const NAMES = ['a', 'b', 'c']
const ENDS = ['LEFT', 'RIGHT'] as const

type End = (typeof ENDS)[number]

class Lists implements CommandModel {
  private readonly lists = new Map<string, string[]>(NAMES.map(name => [name, []]))
  private pushed = 0

  constructor(private readonly world: World) {}

  next(): Asked {
    const { random } = this.world
    return random.below(3) === 0 ? this.push(pick(random, NAMES)) : this.moveMany()
  }

  facts(): Asked[] {
    return NAMES.map(name => [['LRANGE', name, '0', '-1'], this.lists.get(name)!])
  }

  private push(name: string): Asked {
    const values = some(this.world.random, 4, () => `${this.pushed++}`)
    const list = this.lists.get(name)!
    list.push(...values)
    if (list.length > 60) return [['LTRIM', name, '-1', '-60'], this.trim(list, values)]
    return [['RPUSH', name, ...values], list.length]
  }

  /** A list that has grown long is emptied instead of lengthened. */
  private trim(list: string[], values: readonly string[]): string {
    list.splice(list.length - values.length)
    list.splice(0)
    return 'OK'
  }

  /** One by one they come to stand in reverse when both ends are the same; in bulk they keep their order. */
  private moveMany(): Asked {
    const { random } = this.world
    const [source, destination] = [pick(random, NAMES), pick(random, NAMES)]
    const [from, to] = [pick(random, ENDS), pick(random, ENDS)]
    const count = 1 + random.below(5)
    const [limit, order] = [pick(random, ['COUNT', 'EXACTLY']), pick(random, ['OBO', 'BULK'])]
    const request = ['LMOVEM', source, destination, from, to, limit, `${count}`, order]
    const list = this.lists.get(source)!
    if (list.length < (limit === 'EXACTLY' ? count : 1)) return [request, null]
    const taken = take(list, from, Math.min(count, list.length))
    const standing =
      order === 'BULK' || from !== to ? inListOrder(taken, from) : inListOrder(taken, from).reverse()
    const target = this.lists.get(destination)!
    if (to === 'LEFT') target.unshift(...standing)
    else target.push(...standing)
    return [request, standing]
  }
}

/** In the order in which they are taken. */
function take(list: string[], end: End, count: number): string[] {
  return Array.from({ length: count }, () => (end === 'LEFT' ? list.shift()! : list.pop()!))
}

const inListOrder = (taken: readonly string[], from: End): string[] =>
  from === 'LEFT' ? [...taken] : [...taken].reverse()

class Sets implements CommandModel {
  private readonly sets = new Map<string, Set<string>>(NAMES.map(name => [name, new Set<string>()]))

  constructor(private readonly world: World) {}

  next(): Asked {
    const { random } = this.world
    const name = pick(random, NAMES)
    const member = pick(random, ['', 'm']) + `${random.below(12)}`
    const way = random.below(4)
    if (way === 0)
      return [['SADD', name, member], Number(!this.sets.get(name)!.has(member)) + this.add(name, member)]
    if (way === 1) return [['SREM', name, member], Number(this.sets.get(name)!.delete(member))]
    return this.count()
  }

  facts(): Asked[] {
    return NAMES.map(name => [['SCARD', name], this.sets.get(name)!.size])
  }

  private add(name: string, member: string): 0 {
    this.sets.get(name)!.add(member)
    return 0
  }

  private count(): Asked {
    const { random } = this.world
    const names = some(random, 3, () => pick(random, [...NAMES, 'none']))
    const [first, ...others] = names.map(name => this.sets.get(name) ?? new Set<string>())
    const [command, result] = pick(random, [
      ['SINTERCARD', [...first].filter(member => others.every(other => other.has(member)))],
      ['SDIFFCARD', [...first].filter(member => !others.some(other => other.has(member)))],
      ['SUNIONCARD', [...new Set([first, ...others].flatMap(set => [...set]))]],
    ] as const)
    const limit = random.below(5)
    const said = random.below(2) === 0 ? [] : ['LIMIT', `${limit}`]
    const counted = said.length === 0 || limit === 0 ? result.length : Math.min(result.length, limit)
    return [[command, `${names.length}`, ...names, ...said], counted]
  }
}

class Bits implements CommandModel {
  private readonly strings = new Map<string, Buffer>(NAMES.map(name => [name, Buffer.alloc(0)]))

  constructor(private readonly world: World) {}

  next(): Asked {
    const { random } = this.world
    return random.below(3) === 0 ? this.set(pick(random, NAMES)) : this.combine()
  }

  facts(): Asked[] {
    return NAMES.map(name => {
      const bytes = this.strings.get(name)!
      return [['GET', name], bytes.length === 0 ? null : bytes.toString('latin1')]
    })
  }

  private set(name: string): Asked {
    const { random } = this.world
    const bytes = Buffer.from(Array.from({ length: 1 + random.below(40) }, () => random.below(256)))
    this.strings.set(name, bytes)
    return [['SET', name, bytes.toString('latin1')], 'OK']
  }

  private combine(): Asked {
    const { random } = this.world
    const destination = pick(random, NAMES)
    const names = [pick(random, NAMES), ...some(random, 3, () => pick(random, [...NAMES, 'none']))]
    const [operator, rule] = pick(random, RULES)
    const sources = names.map(name => this.strings.get(name) ?? Buffer.alloc(0))
    const length = Math.max(...sources.map(source => source.length))
    const result = Buffer.from(
      Array.from({ length }, (_, at) => rule(sources.map(source => (at < source.length ? source[at] : 0)))),
    )
    this.strings.set(destination, result)
    return [['BITOP', operator, destination, ...names], length]
  }
}

/** Of the bytes of the sources at one place; x is the first, the others are y1, y2 ... */
const RULES: readonly (readonly [string, (bytes: readonly number[]) => number])[] = [
  ['DIFF', ([x, ...others]) => x & ~anyOf(others)],
  ['DIFF1', ([x, ...others]) => ~x & anyOf(others) & 255],
  ['ANDOR', ([x, ...others]) => x & anyOf(others)],
  ['ONE', bytes => onlyOneOf(bytes)],
]

const anyOf = (bytes: readonly number[]): number => bytes.reduce((all, byte) => all | byte, 0)

function onlyOneOf(bytes: readonly number[]): number {
  let [once, twice] = [0, 0]
  for (const byte of bytes) {
    twice |= once & byte
    once |= byte
  }
  return once & ~twice
}

testCommands('many elements move between lists', world => new Lists(world))
testCommands('sets are counted', world => new Sets(world))
testCommands('bits are combined', world => new Bits(world))
