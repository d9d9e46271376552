import type { CommandTable } from '../../../server/engine/table.js'
import { seededRandom } from '../../../server/lib/random.js'
import { Span } from '../../../server/lib/bytes.js'
import { Draw } from './draw.js'
import { families } from './families.js'
import { blocking } from './families/blocking.js'
import { newer } from './families/newer.js'
import { pubsub } from './families/pubsub.js'
import { tracking } from './families/tracking.js'
import { transactions } from './families/transactions.js'
import type { Family, Words } from './family.js'
import { lookAt } from './look.js'
import { mutated } from './mutation.js'
import { cannotEnd, isVetoed } from './veto.js'

export type ClientName = (typeof clientNames)[number]
export const clientNames = ['a', 'b', 'c', 'd'] as const

/** Who says what. */
export interface Operation {
  readonly client: ClientName
  readonly words: Words
}

/** One request in so many is made wrong; one in so many is said by the other client. */
const WRONG_ONE_IN = 7
const OTHER_ONE_IN = 12
/** One in so many looks at what the one before has done; of one in so many only its keys are asked. */
const LOOK_ONE_IN = 10
const KEYS_ONE_IN = 60

/** The operations of one trial; the same seed gives the same ones, as long as `table` knows the same commands. */
export function operations(
  seed: number,
  count: number,
  table: CommandTable,
  only: string | null,
): Operation[] {
  const draw = new Draw(seededRandom(seed))
  const drawn = families.filter(({ name }) => only === null || name === only)
  const urn = urnOf(drawn)
  let last: Words = []
  return Array.from({ length: count }, () => {
    const client = draw.once(OTHER_ONE_IN) ? 'b' : 'a'
    const words = (draw.once(LOOK_ONE_IN) ? lookAt(draw, last) : null) ?? request(draw, urn, table)
    last = words
    return { client, words }
  })
}

/**
 * What is said in a crowd. Messages that come in the midst of a transaction's reply are told in another order since
 * 7.2, so that who listens makes no transactions. One client hears of every change of a key, and never waits.
 */
export function crowdOperations(seed: number, count: number, table: CommandTable): Operation[] {
  const draw = new Draw(seededRandom(seed))
  const speaking = urnOf([...families, blocking])
  const listening = families.filter(family => family !== transactions).concat(pubsub, tracking)
  const urns = {
    ...{ a: speaking, b: speaking },
    ...{ c: urnOf([...listening, blocking]), d: urnOf([pubsub, tracking]) },
  }
  const listen: Operation[] = [
    { client: 'd', words: ['HELLO', '3'] },
    { client: 'd', words: ['PSUBSCRIBE', '__key*__:*'] },
  ]
  const rest = Array.from({ length: count - listen.length }, () => {
    const client = draw.pick(clientNames)
    return { client, words: tame(request(draw, urns[client], table)) }
  })
  return [...listen, ...rest]
}

/**
 * Of an exchange of databases Redis does not tell those who cache; and who waits for an entry that is trimmed away as it
 * comes was answered with no entries until 7.2.
 */
const tame = (words: Words): Words =>
  /^swapdb$|^xadd,.*,(minid|maxlen,([=~],)?0),/i.test(words.join()) ? ['PING'] : words

/** What one client says to a server that nothing is compared with: all commands, those newer than the oracle too. */
export function historyWords(seed: number, count: number, table: CommandTable): Words[] {
  const draw = new Draw(seededRandom(seed))
  const urn = urnOf([...families.filter(({ name }) => !SPEAKING.has(name)), newer])
  return Array.from({ length: count }, () => {
    for (;;) {
      const right = draw.pick(draw.pick(urn).makers)(draw)
      const words = draw.once(WRONG_ONE_IN) ? mutated(draw, right) : right
      if (table.lookup(Span.of(right[0])) !== null && !cannotEnd(words)) return words
    }
  })
}

/** These concern the connection, or another server. */
const SPEAKING: ReadonlySet<string> = new Set(['connections', 'payloads'])

/** Each family as often as it weighs. */
function urnOf(drawn: readonly Family[]): readonly Family[] {
  return drawn.flatMap(family => Array.from({ length: family.weight }, () => family))
}

function request(draw: Draw, urn: readonly Family[], table: CommandTable): Words {
  for (;;) {
    const family = draw.pick(urn)
    const right = draw.pick(family.makers)(draw)
    if (table.lookup(Span.of(right[0])) === null) continue
    const words = family.whole !== true && draw.once(WRONG_ONE_IN) ? mutated(draw, right) : right
    const asked = draw.once(KEYS_ONE_IN)
      ? ['COMMAND', draw.pick(['GETKEYS', 'GETKEYSANDFLAGS']), ...words]
      : words
    if (!isVetoed(asked)) return asked
  }
}
