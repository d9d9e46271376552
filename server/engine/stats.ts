/** What the server counts about itself: the stats section of INFO, and what CONFIG RESETSTAT clears. */

/** Errors kept apart by code at most; a flood of invented codes must not fill the memory. */
const ERROR_CODES_MAX = 128
/** instantaneous_* fields average over this many samples, so far apart at least. */
const SAMPLES = 16
const SAMPLE_MS = 100
/** A loop is calm that has been at work for less than half of the time in so many samples one after the other. */
const CALM_US_PER_SECOND = 500_000
const CALM_SAMPLES = 30

export class EngineStats {
  connections = 0
  rejectedConnections = 0
  commands = 0
  errorReplies = 0
  readonly errors = new Map<string, number>()
  errorCodesOverflowed = false
  inputBytes = 0
  outputBytes = 0
  peakMemory = 0
  evictedClients = 0
  inputBufferLimitDisconnections = 0
  outputBufferLimitDisconnections = 0
  reads = 0
  writes = 0
  aclDeniedAuth = 0
  /** Turns of the loop, its time at work up to the last sample, and that of commands: INFO's eventloop_*. */
  turns = 0
  busyUs = 0
  commandUs = 0
  private busySeenUs = NaN
  private calmSamples = 0

  /** Time above maxmemory in us, the present stretch not included; and the monotonic us at which that began. */
  overMemoryUs = 0
  overMemorySinceUs: number | null = null

  readonly commandRate = new Rate()
  readonly inputRate = new Rate()
  readonly outputRate = new Rate()
  readonly turnRate = new Rate()
  readonly busyRate = new Rate()

  countError(code: string): void {
    this.errorReplies++
    const count = this.errors.get(code)
    if (count !== undefined) this.errors.set(code, count + 1)
    else if (this.errors.size < ERROR_CODES_MAX) this.errors.set(code, 1)
    else this.errorCodesOverflowed = true
  }

  /** The loop has had time to itself for a while. */
  get isCalm(): boolean {
    return this.calmSamples >= CALM_SAMPLES
  }

  /** Takes the samples of the instantaneous figures. `busyUs`: the clock's. */
  sample(nowMs: number, busyUs: number): void {
    if (busyUs > this.busySeenUs) this.busyUs += busyUs - this.busySeenUs
    this.busySeenUs = busyUs
    if (this.busyRate.sample(this.busyUs, nowMs))
      this.calmSamples = this.busyRate.latest < CALM_US_PER_SECOND ? this.calmSamples + 1 : 0
    this.commandRate.sample(this.commands, nowMs)
    this.inputRate.sample(this.inputBytes, nowMs)
    this.outputRate.sample(this.outputBytes, nowMs)
    this.turnRate.sample(this.turns, nowMs)
  }

  /** CONFIG RESETSTAT: all begins anew, but for the peak. */
  reset(): void {
    const { peakMemory } = this
    Object.assign(this, new EngineStats(), { peakMemory })
  }
}

/** A counter's growth per second, averaged over the last samples. */
export class Rate {
  private readonly samples = new Float64Array(SAMPLES)
  private next = 0
  private lastValue = 0
  private lastMs = 0
  /** The last sample; NaN before the first. */
  latest = NaN

  /** True when it was time for a sample. */
  sample(value: number, nowMs: number): boolean {
    const elapsed = nowMs - this.lastMs
    if (elapsed < SAMPLE_MS) return false
    if (this.lastMs > 0) this.latest = (Math.max(0, value - this.lastValue) * 1000) / elapsed
    this.samples[this.next] = this.latest || 0
    this.next = (this.next + 1) % SAMPLES
    this.lastValue = value
    this.lastMs = nowMs
    return true
  }

  get perSecond(): number {
    return this.samples.reduce((sum, sample) => sum + sample, 0) / SAMPLES
  }
}
