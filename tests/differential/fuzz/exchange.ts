import type { TestClient } from '../../support/engine.js'
import type { RawLink } from '../../support/raw-link.js'
import type { Reply } from '../../support/reply.js'
import type { Words } from './family.js'

/** `@payload:KEY` in a request stands for what the other server answers to DUMP of the key. */
const PAYLOAD = /^@payload:(.*)$/

export const isExchange = (words: Words): boolean => words.some(word => PAYLOAD.test(word))

/** What is asked of either server: mostly the same. */
export interface Asked {
  readonly theirs: Words
  readonly ours: Words
}

/** Clients that nobody else speaks through. */
export interface Control {
  readonly link: RawLink
  readonly client: TestClient
}

/** The request with what the other server has in the same database. */
export async function exchanged(words: Words, database: number, { link, client }: Control): Promise<Asked> {
  await link.ask(`SELECT ${database}`)
  client.ask(`SELECT ${database}`)
  const theirs: string[] = []
  const ours: string[] = []
  for (const word of words) {
    const key = PAYLOAD.exec(word)?.[1]
    ours.push(key === undefined ? word : payloadOf((await link.ask(['DUMP', key])).value))
    theirs.push(key === undefined ? word : payloadOf(client.ask(['DUMP', key])))
  }
  return { theirs, ours }
}

/** Nothing is no payload, to either. */
const payloadOf = (reply: Reply): string => (typeof reply === 'string' ? reply : '')
