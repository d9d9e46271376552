import { expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { blockBytes, growingBytes, offsetOf } from '../../server/memory/arena.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED } from './elements.js'
import { Bag, drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'

/** More than this is not held at once. */
const HELD_MAX = 96 << 20
const AUDIT_EVERY = 20_000
/** What one empty segment takes. */
const SEGMENT_BYTES = 16 << 20

/** An arena and the blocks that it was asked for, each full of its own byte. */
class Subject {
  readonly arena = new VerifiedArena()

  private readonly random = seededRandom(MODEL_SEED)
  private readonly refs = new Bag<number>()
  private readonly blocks = new Map<number, { bytes: number; stamp: number }>()
  private held = 0

  readonly step = drawFrom(
    [
      [70, () => this.allocate(1 + this.random.below(128))],
      [20, () => this.allocate(1 + this.random.below(4096))],
      [2, () => this.allocate(1 + this.random.below(300_000))],
      [0.1, () => this.allocate(1 + this.random.below(3 << 20))],
      [0.02, () => this.allocate((4 << 20) + this.random.below(6 << 20))],
      [90, () => this.free()],
    ],
    this.random,
  )

  /** Frees nearly everything, as after a flush. */
  ebb(): void {
    while (this.refs.size > 50) this.free()
  }

  audit(): void {
    this.arena.audit([...this.blocks].map(([ref, { bytes }]) => [ref, bytes] as const))
    for (const ref of this.refs) this.expectUntouched(ref)
  }

  drain(): void {
    while (this.refs.size > 0) this.free()
  }

  private allocate(bytes: number): void {
    if (this.held + bytes > HELD_MAX) return this.free()
    const ref = this.arena.alloc(bytes)
    const stamp = this.random.below(256)
    const at = offsetOf(ref)
    this.arena.mem(ref).u8.fill(stamp, at, at + blockBytes(bytes))
    this.blocks.set(ref, { bytes, stamp })
    this.refs.add(ref)
    this.held += blockBytes(bytes)
  }

  private free(): void {
    if (this.refs.size === 0) return
    const ref = this.refs.draw(this.random)
    const { bytes } = this.blocks.get(ref)!
    this.expectUntouched(ref)
    this.arena.free(ref, bytes)
    this.blocks.delete(ref)
    this.refs.delete(ref)
    this.held -= blockBytes(bytes)
    if (this.arena.used !== this.held) throw new Error(`used is ${this.arena.used}, held are ${this.held}`)
  }

  /** The ends of a block show whether a neighbour reached into it. */
  private expectUntouched(ref: number): void {
    const { bytes, stamp } = this.blocks.get(ref)!
    const { u8 } = this.arena.mem(ref)
    const at = offsetOf(ref)
    const end = at + blockBytes(bytes)
    for (const i of [at, at + 4, at + 15, (at + end) >>> 1, end - 1]) {
      if (u8[i] !== stamp) throw new Error(`block ${ref} of ${bytes} bytes was written to at ${i - at}`)
    }
  }
}

test(
  `the arena hands out every byte once, through ${STORE_OPS} random operations`,
  () => {
    const subject = new Subject()
    for (let i = 1; i <= STORE_OPS; i++) {
      subject.step()
      if (i % AUDIT_EVERY === 0) subject.audit()
      if (i % (4 * AUDIT_EVERY) === 0) subject.ebb()
    }
    subject.audit()
    subject.drain()
    subject.audit()
    expect(subject.arena.used).toBe(0)
    expect(subject.arena.mapped).toBeLessThanOrEqual(2 * SEGMENT_BYTES)
  },
  STORE_TIMEOUT_MS,
)

test('a block that comes and goes where all else is taken makes no segment each time', () => {
  const arena = new VerifiedArena()
  const page = 64 << 10
  const taken: number[] = []
  while (arena.mapped === SEGMENT_BYTES) taken.push(arena.alloc(5 * page))
  arena.free(taken.pop()!, 5 * page)
  while (arena.mapped === SEGMENT_BYTES) taken.push(arena.alloc(page))
  for (let i = 0; i < 10; i++) arena.free(arena.alloc(600), 600)
  expect(arena.released).toBeLessThanOrEqual(SEGMENT_BYTES)
})

test('growing a byte at a time, a block moves four times while it doubles', () => {
  const arena = new VerifiedArena()
  let moves = 0
  for (let bytes = 2049; bytes <= 4096; bytes++)
    if (!arena.sameClass(growingBytes(bytes - 1), growingBytes(bytes))) moves++
  expect(moves).toBe(4)
})

test('what stays as it was made wastes a thirtieth at most, up to 8 KiB', () => {
  for (let bytes = 513; bytes <= 8192; bytes++) {
    expect(blockBytes(bytes)).toBeGreaterThanOrEqual(bytes)
    expect(blockBytes(bytes) - bytes).toBeLessThan(Math.max(16, bytes / 30))
    expect(blockBytes(growingBytes(bytes))).toBe(growingBytes(bytes))
  }
})
