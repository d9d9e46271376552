/**
 * How long calls of one command took: counts in buckets that grow with the value, 16 to a doubling (so a
 * percentile is right within 6 %), from 1 us to 1 s, as Redis tracks latencies. Recording costs a few ns.
 */

const SUB_BITS = 4
const SUB = 1 << SUB_BITS
const MAX_US = 1_000_000
const BUCKETS = bucketOf(MAX_US) + 1

export class LatencyHistogram {
  count = 0
  private readonly counts = new Uint32Array(BUCKETS)

  record(microseconds: number): void {
    const us = microseconds < 1 ? 1 : microseconds > MAX_US ? MAX_US : microseconds | 0
    this.counts[bucketOf(us)]++
    this.count++
  }

  /** The latency in us that `percent` of the calls did not exceed; 0 without calls. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.count))
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket]
      if (seen >= wanted) return upperEdge(bucket)
    }
    return 0
  }

  /** Calls up to and including each power of two of us: what LATENCY HISTOGRAM shows. Empty steps are left out. */
  cumulative(): [microseconds: number, calls: number][] {
    const steps: [number, number][] = []
    let seen = 0
    let bucket = 0
    for (let limit = 1; seen < this.count; limit *= 2) {
      const before = seen
      while (bucket < BUCKETS && lowerEdge(bucket) <= limit) seen += this.counts[bucket++]
      if (seen > before) steps.push([limit, seen])
    }
    return steps
  }
}

function bucketOf(us: number): number {
  if (us < SUB) return us
  const exponent = 31 - Math.clz32(us)
  return ((exponent - SUB_BITS + 1) << SUB_BITS) + ((us >>> (exponent - SUB_BITS)) & (SUB - 1))
}

function lowerEdge(bucket: number): number {
  if (bucket < SUB) return bucket
  const shift = (bucket >>> SUB_BITS) - 1
  return (SUB + (bucket & (SUB - 1))) << shift
}

/** The largest value that falls into the bucket. */
function upperEdge(bucket: number): number {
  return lowerEdge(bucket + 1) - 1
}
