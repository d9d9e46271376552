/** Reads an RDB file from its beginning to its end, and says what is in it, or where it is damaged. */

import type { Disk } from '../../server/lib/disk.js'
import type { Random } from '../../server/lib/random.js'
import { RdbDecoder } from '../rdb/decoder.js'
import { streamOf } from '../rdb/load.js'
import { RdbError } from '../rdb/rdb-error.js'
import { STARVED, Window } from '../rdb/window.js'
import { RdbCensus } from './rdb-census.js'

/** What a check needs of the world. */
export interface CheckWorld {
  readonly disk: Disk
  readonly random: Random
  /** Unix ms. */
  readonly nowMs: number
}

export interface Problem {
  /** Of the first byte that is wrong. */
  readonly offset: number
  readonly reason: string
}

export interface RdbFindings {
  readonly file: string
  readonly version: number
  readonly census: RdbCensus
  /** Bytes up to the end of the RDB part, or to where it is wrong. */
  readonly bytes: number
  /** Bytes of the file behind that end. */
  readonly rest: number
  readonly problem: Problem | null
}

/** Rejects with what the disk says. */
export async function checkRdb({ disk, random, nowMs }: CheckWorld, path: string): Promise<RdbFindings> {
  const file = await disk.open(path, 'read')
  try {
    const census = new RdbCensus(random, nowMs)
    const window = Window.empty(true)
    const decoder = new RdbDecoder(window, path, census)
    const stream = streamOf(file, path)
    const problem = await read(decoder, () => window.fill(stream))
    const { version } = decoder
    const rest = (await file.size()) - window.offset
    return { file: path, version, census, bytes: window.offset, rest, problem }
  } finally {
    await file.close()
  }
}

async function read(decoder: RdbDecoder, fill: () => Promise<boolean>): Promise<Problem | null> {
  try {
    while (await step(decoder, fill)) continue
    return null
  } catch (error) {
    if (!(error instanceof RdbError)) throw error
    return { offset: error.offset, reason: error.reason }
  }
}

/** The next part; false when it was the last. */
async function step(decoder: RdbDecoder, fill: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    try {
      return decoder.step()
    } catch (error) {
      if (error !== STARVED) throw error
      if (!(await fill())) throw decoder.shortRead()
    }
  }
}
