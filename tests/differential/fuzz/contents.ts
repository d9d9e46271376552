import { isDeepStrictEqual } from 'node:util'
import { type Reply, ReplyError } from '../../support/reply.js'
import type { Line } from '../../support/request.js'
import type { Control } from './exchange.js'
import { numbered } from './known-differences.js'

/** What the servers hold, whoever was told what: they make the same digest of the same data. */

const DATABASES = 16

interface Difference {
  readonly theirs: string
  readonly ours: string
}

export async function differenceOfContents(control: Control): Promise<Difference | null> {
  const digest = await both(control, 'DEBUG DIGEST')
  if (digest.theirs === digest.ours) return null
  for (let database = 0; database < DATABASES; database++) {
    await both(control, `SELECT ${database}`)
    const difference = await differenceOfDatabase(control, database)
    if (difference !== null) return difference
  }
  return null
}

async function differenceOfDatabase(control: Control, database: number): Promise<Difference | null> {
  const names = await both(control, 'KEYS *')
  const [theirs, ours] = [names.theirs, names.ours].map(keys => [...(keys as string[])].sort())
  if (!isDeepStrictEqual(theirs, ours))
    return { theirs: `keys of ${database}: ${JSON.stringify(theirs)}`, ours: JSON.stringify(ours) }
  for (const key of ours) {
    const said = await both(control, ['DEBUG', 'DIGEST-VALUE', key])
    if (!isDeepStrictEqual(said.theirs, said.ours) && !(await isNearlySame(control, key)))
      return {
        theirs: `${key} of ${database}: ${await shown(control, key)}`,
        ours: JSON.stringify(said.ours),
      }
  }
  return null
}

/** Scores that are distances may differ in the last digit, as sines do. */
async function isNearlySame(control: Control, key: string): Promise<boolean> {
  const { theirs, ours } = await both(control, ['ZRANGE', key, '0', '-1', 'WITHSCORES'])
  return !(ours instanceof ReplyError) && isDeepStrictEqual(numbered(theirs), numbered(ours))
}

async function shown(control: Control, key: string): Promise<string> {
  const { theirs, ours } = await both(control, ['DUMP', key])
  return `${JSON.stringify(theirs)}, and ours ${JSON.stringify(ours)}`
}

async function both({ link, client }: Control, line: Line): Promise<{ theirs: Reply; ours: Reply }> {
  return { theirs: (await link.ask(line)).value, ours: client.ask(line) }
}
