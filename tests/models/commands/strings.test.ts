import { xxh3 } from '../../../server/lib/xxh3.js'
import { type Asked, type CommandModel, pick, some, testCommands, type World } from './model.js'

/** SET IFEQ, IFNE, IFDEQ and IFDNE, DELEX, DELIFEQ, MSETEX and INCREX, and what becomes of times to live. */

interface Held {
  value: string
  /** Unix ms; Infinity: it stays. */
  due: number
}

const NAMES = ['a', 'b', 'c', 'd']
const VALUES = ['x', 'long value that is no number', '1', '22', '-3', '']

class Strings implements CommandModel {
  private readonly keys = new Map<string, Held>()

  constructor(private readonly world: World) {}

  next(): Asked {
    for (const [name, { due }] of this.keys) if (due <= this.world.now()) this.keys.delete(name)
    return pick(this.world.random, this.makers)(pick(this.world.random, NAMES))
  }

  facts(): Asked[] {
    return NAMES.flatMap(name => {
      const held = this.keys.get(name)
      const alive = held !== undefined && held.due > this.world.now()
      return [
        [['GET', name], alive ? held.value : null],
        [['PEXPIRETIME', name], alive ? (held.due === Infinity ? -1 : held.due) : -2],
      ] satisfies Asked[]
    })
  }

  private readonly makers: readonly ((name: string) => Asked)[] = [
    name => this.set(name),
    name => this.compareAndSet(name),
    name => this.compareAndSet(name),
    name => this.compareAndDelete(name),
    name => this.deleteIfEqual(name),
    () => this.setMany(),
    name => this.count(name),
    name => this.count(name),
  ]

  private set(name: string): Asked {
    const value = this.value()
    this.keys.set(name, { value, due: Infinity })
    return [['SET', name, value], 'OK']
  }

  /** IFEQ never makes a key, IFNE finds nothing to be different. */
  private compareAndSet(name: string): Asked {
    const { random } = this.world
    const held = this.keys.get(name)
    const [operator, operand, equal] = this.comparison(held)
    const wanted = operator.endsWith('EQ') ? equal : held === undefined || !equal
    const [value, get] = [this.value(), random.below(3) === 0]
    const [words, due] = this.lifetime(held)
    if (wanted) this.put(name, value, due)
    const told = get ? (held?.value ?? null) : wanted ? 'OK' : null
    return [['SET', name, value, operator, operand, ...words, ...(get ? ['GET'] : [])], told]
  }

  private compareAndDelete(name: string): Asked {
    const held = this.keys.get(name)
    const [operator, operand, equal] = this.comparison(held)
    const wanted = held !== undefined && (operator.endsWith('EQ') ? equal : !equal)
    if (wanted) this.keys.delete(name)
    return [['DELEX', name, operator, operand], Number(wanted)]
  }

  private deleteIfEqual(name: string): Asked {
    const value = this.value()
    const wanted = this.keys.get(name)?.value === value
    if (wanted) this.keys.delete(name)
    return [['DELIFEQ', name, value], Number(wanted)]
  }

  private setMany(): Asked {
    const { random } = this.world
    const pairs = some(random, 3, () => [pick(random, NAMES), this.value()] as const)
    const condition = pick(random, [[], ['NX'], ['XX']])
    const there = pairs.filter(([name]) => this.keys.has(name)).length
    const allowed =
      condition[0] === 'NX' ? there === 0 : condition[0] === 'XX' ? there === pairs.length : true
    const way = this.lifetime(undefined)
    const keeps = way[0][0] === 'KEEPTTL'
    for (const [name, value] of allowed ? pairs : [])
      this.put(name, value, keeps ? (this.keys.get(name)?.due ?? Infinity) : way[1])
    return [['MSETEX', `${pairs.length}`, ...pairs.flat(), ...condition, ...way[0]], Number(allowed)]
  }

  private count(name: string): Asked {
    const { random } = this.world
    const held = this.keys.get(name)
    const value = Number(held?.value ?? '0')
    if (held !== undefined && !/^-?\d+$/.test(held.value)) return [['STRLEN', name], held.value.length]
    const [by, lower, upper] = [random.below(9) - 4, -5 - random.below(4), 5 + random.below(30)]
    const saturates = random.below(2) === 0
    const [words, due] = this.lifetime(held, true)
    const sum = value + by
    const within = Math.min(Math.max(sum, lower), upper)
    const request = [
      ...['INCREX', name, 'BYINT', `${by}`, 'LBOUND', `${lower}`, 'UBOUND', `${upper}`],
      ...[...(saturates ? ['SATURATE'] : []), ...words],
    ]
    if (within !== sum && !saturates) return [request, [value, 0]]
    this.put(name, `${within}`, due)
    return [request, [within, within - value]]
  }

  /** What is past at once is not there. */
  private put(name: string, value: string, due: number): void {
    if (due <= this.world.now()) this.keys.delete(name)
    else this.keys.set(name, { value, due })
  }

  private comparison(held: Held | undefined): readonly [operator: string, operand: string, equal: boolean] {
    const { random } = this.world
    const operator = pick(random, ['IFEQ', 'IFNE', 'IFDEQ', 'IFDNE'])
    const operand = held !== undefined && random.below(2) === 0 ? held.value : this.value()
    const said = operator.startsWith('IFD') ? digestOf(operand) : operand
    return [operator, said, held?.value === operand]
  }

  /** The words, and when the key dies. Without any a counter keeps its time, and a value that is set has none. */
  private lifetime(held: Held | undefined, counts = false): readonly [words: readonly string[], due: number] {
    const { random, now } = this.world
    const kept = held?.due ?? Infinity
    const seconds = 1 + random.below(3)
    return pick<readonly [readonly string[], number]>(random, [
      [[], counts ? kept : Infinity],
      counts ? [['PERSIST'], Infinity] : [['KEEPTTL'], kept],
      [['EX', `${seconds}`], now() + 1000 * seconds],
      [['PXAT', `${now() + seconds}`], now() + seconds],
    ])
  }

  private value(): string {
    return pick(this.world.random, VALUES)
  }
}

function digestOf(value: string): string {
  const bytes = Buffer.from(value)
  return xxh3(bytes, 0, bytes.length).toString(16).padStart(16, '0')
}

testCommands('strings are compared, counted and die', world => new Strings(world))
