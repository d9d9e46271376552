/** What DEBUG turns on and off, for tests. The rooms concerned look here. */

import type { Context } from './context.js'

/** A subcommand of DEBUG. */
export interface DebugSubcommand {
  readonly name: string
  /** Its words behind the name, as people write them. */
  readonly syntax: string
  readonly does: string
  /** How many words it takes at least and at most. */
  readonly words: readonly [min: number, max: number]
  /** `words`: latin1. */
  run(ctx: Context, words: readonly string[]): void
}

/** As with Redis. */
export const REPLY_BUFFER_PEAK_MS = 5000

export class DebugSwitches {
  /** SET-ACTIVE-EXPIRE: due keys are looked for, not only met. */
  activeExpire = true
  /** PAUSE-CRON: no part ticks. */
  cronPaused = false
  /** SET-DISABLE-DENY-SCRIPTS: scripts may call commands flagged noscript. */
  scriptsMayCallAll = false
  /** SET-SKIP-CHECKSUM-VALIDATION: RESTORE and files are believed without a look at their checksums. */
  skipChecksums = false
  /** DICT-RESIZING. */
  dictResizing = true
  /** REPLYBUFFER RESIZING: reply buffers adapt themselves to what clients ask. */
  replyBufferResizing = true
  /** REPLYBUFFER PEAK-RESET-TIME: ms after which a reply buffer forgets its peak. */
  replyBufferPeakMs = REPLY_BUFFER_PEAK_MS
  /** Subcommands that other rooms bring; one of the same name as DEBUG's own takes its place. */
  readonly subcommands: DebugSubcommand[] = []
}
