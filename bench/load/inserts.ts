import { Connection, encodeCommand } from '../server/connection.js'
import { Batch, HOLE } from './batch.js'
import { checkKeys } from './check.js'

/** 16 bytes of key, 8 of value: the small strings a cache is full of. */
const KEY = `key:${HOLE}`
const VALUE = 'valuable'
const PIPELINE = 1000

/** SETs `count` different keys on an empty server by one connection, one pipeline after the replies of another, rounded up to whole pipelines. */
export async function insertKeys(port: number, count: number): Promise<void> {
  const connection = await Connection.open(port)
  const batch = new Batch(encodeCommand(['SET', KEY, VALUE]), PIPELINE)
  let sent = 0
  const nextKey = (): number => sent++
  while (sent < count) await connection.send(batch.fill(nextKey), PIPELINE)
  await checkKeys(connection, sent)
  connection.close()
}
