import { DATABASES, inventory, textOf } from './exchange.js'
import type { Reply } from './reply.js'

/** All that a server of ours holds, also what the oracle does not know: fields that die, producers of streams. */

type Ask = (line: readonly (string | Buffer)[]) => Promise<Reply>

export async function wholeState(ask: Ask): Promise<string[]> {
  const lines = await inventory(ask, false)
  for (let index = 0; index < DATABASES; index++) {
    await ask(['SELECT', `${index}`])
    for (const key of (await ask(['KEYS', '*'])) as string[])
      lines.push(`${index} ${key} ${textOf(await more(ask, key))}`)
  }
  return lines.sort()
}

async function more(ask: Ask, key: string): Promise<unknown> {
  const type = await ask(['TYPE', key])
  if (type === 'hash') return fieldTimes(ask, key)
  if (type === 'stream') return producers((await ask(['XINFO', 'STREAM', key])) as Reply[])
  return null
}

async function fieldTimes(ask: Ask, key: string): Promise<unknown> {
  const fields = ((await ask(['HKEYS', key])) as string[]).sort()
  return ask(
    ['HPEXPIRETIME', key, 'FIELDS', `${fields.length}`, ...fields].map(word => Buffer.from(word, 'latin1')),
  )
}

const PRODUCER_FACTS: ReadonlySet<Reply> = new Set([
  'idmp-duration',
  'idmp-maxsize',
  'pids-tracked',
  'iids-tracked',
])

function producers(facts: readonly Reply[]): unknown {
  return facts.flatMap((name, at) => (at % 2 === 0 && PRODUCER_FACTS.has(name) ? [name, facts[at + 1]] : []))
}
