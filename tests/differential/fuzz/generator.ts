import type { CommandTable } from '../../../server/engine/table.js'
import { seededRandom } from '../../../server/lib/random.js'
import { Span } from '../../../server/lib/bytes.js'
import { Draw } from './draw.js'
import { families } from './families.js'
import type { Family, Words } from './family.js'
import { mutated } from './mutation.js'
import { isVetoed } from './veto.js'

/** Who says what. */
export interface Operation {
  readonly client: 'a' | 'b'
  readonly words: Words
}

/** One request in so many is made wrong; one in so many is said by the other client. */
const WRONG_ONE_IN = 7
const OTHER_ONE_IN = 12

/** The operations of one trial; the same seed gives the same ones, as long as `table` knows the same commands. */
export function operations(
  seed: number,
  count: number,
  table: CommandTable,
  only: string | null,
): Operation[] {
  const draw = new Draw(seededRandom(seed))
  const drawn = families.filter(({ name }) => only === null || name === only)
  const urn = drawn.flatMap(family => Array.from({ length: family.weight }, () => family))
  return Array.from({ length: count }, () => ({
    client: draw.once(OTHER_ONE_IN) ? 'b' : 'a',
    words: request(draw, urn, table),
  }))
}

function request(draw: Draw, urn: readonly Family[], table: CommandTable): Words {
  for (;;) {
    const right = draw.pick(draw.pick(urn).makers)(draw)
    if (table.lookup(Span.of(right[0])) === null) continue
    const words = draw.once(WRONG_ONE_IN) ? mutated(draw, right) : right
    if (!isVetoed(words)) return words
  }
}
