import { Connection, encodeCommand } from '../server/connection.js'
import { Batch, HOLE } from './batch.js'
import { checkKeys } from './check.js'

/** 16 bytes of key, 8 of value: the small strings a cache is full of. */
const KEY = `key:${HOLE}`
const VALUE = 'valuable'
const PIPELINE = 1000

/** What is written before something is measured. */
export interface Filling {
  readonly words: readonly string[]
  /** How often, where so many keys, elements or requests are asked for. */
  readonly times: (count: number) => number
  /** The holes get their numbers in no order, rather than counting up. */
  readonly scattered?: true
}

/** SETs `count` different keys on an empty server, rounded up to whole pipelines. Answers how many. */
export async function insertKeys(port: number, count: number): Promise<number> {
  const sent = await insertMany(port, ['SET', KEY, VALUE], count)
  const connection = await Connection.open(port)
  await checkKeys(connection, sent)
  connection.close()
  return sent
}

/** Fills a server as told, one filling after the other. */
export async function insertAll(port: number, fillings: readonly Filling[], count: number): Promise<void> {
  for (const { words, times, scattered } of fillings)
    await insertMany(port, words, times(count), scattered ? scatter : undefined)
}

/**
 * Sends a command `count` times by one connection, one pipeline after the replies of another, rounded up to whole
 * pipelines; its holes are filled by counting up, or with what a number is mapped to. Answers how often it was sent.
 */
export async function insertMany(
  port: number,
  words: readonly string[],
  count: number,
  map = (number: number): number => number,
): Promise<number> {
  const connection = await Connection.open(port)
  const pipeline = Math.min(PIPELINE, count)
  const batch = new Batch([encodeCommand(words)], pipeline)
  let next = 0
  const nextNumber = (): number => map(next++)
  let sent = 0
  for (; sent < count; sent += pipeline) await connection.send(batch.fill(nextNumber), pipeline)
  connection.close()
  return sent
}

/** A prime, and so every number below comes up once in as many. */
const SCATTERED = 1_000_003
const STRIDE = 382_003

function scatter(number: number): number {
  return (number * STRIDE) % SCATTERED
}
