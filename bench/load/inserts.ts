import { Connection, encodeCommand } from '../server/connection.js'
import { Batch, HOLE } from './batch.js'
import { checkKeys } from './check.js'

/** 16 bytes of key, 8 of value: the small strings a cache is full of. */
const KEY = `key:${HOLE}`
const VALUE = 'valuable'
const PIPELINE = 1000

/** SETs `count` different keys on an empty server, rounded up to whole pipelines. */
export async function insertKeys(port: number, count: number): Promise<void> {
  const sent = await insertMany(port, ['SET', KEY, VALUE], count)
  const connection = await Connection.open(port)
  await checkKeys(connection, sent)
  connection.close()
}

/**
 * Sends a command `count` times by one connection, one pipeline after the replies of another, rounded up to whole
 * pipelines; its holes are filled by counting up. Answers how often it was sent.
 */
export async function insertMany(port: number, words: readonly string[], count: number): Promise<number> {
  const connection = await Connection.open(port)
  const batch = new Batch(encodeCommand(words), PIPELINE)
  let next = 0
  const nextNumber = (): number => next++
  let sent = 0
  for (; sent < count; sent += PIPELINE) await connection.send(batch.fill(nextNumber), PIPELINE)
  connection.close()
  return sent
}
