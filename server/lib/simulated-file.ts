import type { Random } from './random.js'

/** One change of a file's contents that no `sync` has made safe yet. */
type Change = { position: number; bytes: Uint8Array } | { cutTo: number }

/** Contents that grow by doubling, so that an append costs what it appends. */
class Contents {
  private buffer = Buffer.alloc(0)
  length = 0

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  replaceBy(bytes: Uint8Array): void {
    this.buffer = Buffer.from(bytes)
    this.length = bytes.length
  }

  apply(change: Change): void {
    if ('cutTo' in change) return this.cutTo(change.cutTo)
    this.reach(change.position + change.bytes.length)
    this.buffer.set(change.bytes, change.position)
  }

  private cutTo(length: number): void {
    this.reach(length)
    this.buffer.fill(0, length, this.length)
    this.length = length
  }

  /** Everything behind `length` is zeros at all times. */
  private reach(length: number): void {
    if (length > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(length, this.buffer.length * 2))
      larger.set(this.buffer)
      this.buffer = larger
    }
    this.length = Math.max(this.length, length)
  }
}

/**
 * A file of the simulated disk: what readers see, what a power cut would leave, and the changes between.
 *
 * At a power cut the oldest of the unsafe changes, any number of them, turn out to have reached the disk. The
 * next one may be torn: its first bytes are there, and sometimes its full length is, as zeros (a file system
 * records the new size of a file before the bytes; seen in the wild as redis issue 5177).
 */
export class SimulatedFile {
  private readonly seen = new Contents()
  private readonly safe = new Contents()
  private unsafe: Change[] = []
  modifiedMs = 0

  get length(): number {
    return this.seen.length
  }

  /** A view, valid until the next change. */
  bytes(): Buffer {
    return this.seen.bytes()
  }

  write(position: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.change({ position, bytes: Uint8Array.from(bytes) })
  }

  truncate(length: number): void {
    if (length !== this.length) this.change({ cutTo: length })
  }

  sync(): void {
    for (const change of this.unsafe) this.safe.apply(change)
    this.unsafe = []
  }

  /** A failed sync: readers go on seeing bytes that no later sync will save. */
  failToSync(): void {
    this.unsafe = []
  }

  losePower(random: Random): void {
    const survivors = random.below(this.unsafe.length + 1)
    for (const change of this.unsafe.slice(0, survivors)) this.safe.apply(change)
    if (survivors < this.unsafe.length) this.tear(this.unsafe[survivors], random)
    this.unsafe = []
    this.seen.replaceBy(this.safe.bytes())
  }

  private change(change: Change): void {
    this.unsafe.push(change)
    this.seen.apply(change)
  }

  private tear(change: Change, random: Random): void {
    if ('cutTo' in change) return
    const torn = Uint8Array.from(change.bytes)
    const arrived = random.below(torn.length)
    const sizeArrived = random.below(4) === 0
    torn.fill(0, arrived)
    this.safe.apply({ position: change.position, bytes: sizeArrived ? torn : torn.subarray(0, arrived) })
  }
}
