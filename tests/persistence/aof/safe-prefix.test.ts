import { describe, expect, test } from 'vitest'
import { SafePrefix } from '../../../persistence/aof/safe-prefix.js'
import { seededRandom } from '../../../server/lib/random.js'

describe('what is safe', () => {
  test('is what syncs have covered, while none fails', () => {
    const prefix = new SafePrefix()
    prefix.synced(10)
    prefix.fileEnded(10)
    prefix.synced(20)
    prefix.synced(15)
    expect(prefix.safe).toBe(20)
    expect(prefix.inDoubt).toBe(false)
  })

  test('does not grow by syncs after one that failed, not even those of the next file', () => {
    const prefix = new SafePrefix()
    prefix.synced(10)
    prefix.failed()
    prefix.synced(20)
    prefix.fileEnded(20)
    prefix.synced(30)
    expect([prefix.safe, prefix.covered, prefix.inDoubt]).toEqual([10, 30, true])
  })

  test('grows by a base that begins behind the doubtful file, and by what syncs have covered since', () => {
    const prefix = new SafePrefix()
    prefix.failed()
    prefix.fileEnded(20)
    prefix.synced(30)
    prefix.rebased(20)
    expect([prefix.safe, prefix.inDoubt]).toEqual([30, false])
  })

  test('grows up to the base and no further when a sync has failed since it began', () => {
    const prefix = new SafePrefix()
    prefix.failed()
    prefix.fileEnded(20)
    prefix.synced(25)
    prefix.failed()
    prefix.synced(30)
    prefix.rebased(20)
    expect([prefix.safe, prefix.inDoubt]).toEqual([20, true])
  })

  test('ends at what was given up, until a base holds it', () => {
    const prefix = new SafePrefix()
    prefix.synced(10)
    prefix.gaveUp(15)
    prefix.synced(20)
    prefix.rebased(12)
    expect([prefix.safe, prefix.inDoubt]).toEqual([12, true])
    prefix.rebased(15)
    expect([prefix.safe, prefix.inDoubt]).toEqual([20, false])
  })
})

/** A log byte by byte, with what a power cut would leave of it. */
class Bytes {
  /** Of each byte: is it on disk; which file it is in; has the kernel forgotten it. */
  readonly onDisk: boolean[] = []
  readonly forgotten: boolean[] = []
  fileStart = 0
  base = 0

  sync(): void {
    for (let at = this.fileStart; at < this.onDisk.length; at++) this.onDisk[at] ||= !this.forgotten[at]
  }

  fail(): void {
    for (let at = this.fileStart; at < this.onDisk.length; at++) this.forgotten[at] = !this.onDisk[at]
  }

  get survives(): number {
    const hole = this.onDisk.indexOf(false, this.base)
    return hole < 0 ? this.onDisk.length : hole
  }
}

test('nothing that is called safe is lost, whatever fails, and a base after the last failure makes all of it safe', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = seededRandom(seed)
    const prefix = new SafePrefix()
    const bytes = new Bytes()
    let rewriteFrom: number | null = null
    const sync = (fails: boolean): void => {
      if (fails) bytes.fail()
      else bytes.sync()
      if (fails) prefix.failed()
      else prefix.synced(bytes.onDisk.length)
    }
    const nextFile = (): void => {
      sync(random.below(4) === 0)
      prefix.fileEnded(bytes.onDisk.length)
      bytes.fileStart = bytes.onDisk.length
    }
    const rebase = (from: number): void => {
      bytes.base = from
      prefix.rebased(from)
    }
    for (let step = 0; step < 40; step++) {
      const choice = random.below(6)
      if (choice <= 1) for (let n = random.below(4); n > 0; n--) bytes.onDisk.push(false)
      else if (choice <= 3) sync(random.below(3) === 0)
      else if (choice === 4) {
        nextFile()
        rewriteFrom = random.below(2) === 0 ? bytes.fileStart : rewriteFrom
      } else if (rewriteFrom !== null) rebase(rewriteFrom)
      expect(prefix.safe, `seed ${seed} step ${step}`).toBeLessThanOrEqual(bytes.survives)
    }
    nextFile()
    rebase(bytes.fileStart)
    expect([prefix.safe, prefix.inDoubt]).toEqual([bytes.onDisk.length, false])
  }
})
