import { bitmaps } from './families/bitmaps.js'
import { connections } from './families/connections.js'
import { expiry } from './families/expiry.js'
import { generic } from './families/generic.js'
import { geo } from './families/geo.js'
import { hashes } from './families/hashes.js'
import { hyperloglogs } from './families/hyperloglogs.js'
import { lexRanges } from './families/lex-ranges.js'
import { lists } from './families/lists.js'
import { payloads } from './families/payloads.js'
import { sets } from './families/sets.js'
import { sortedSets } from './families/sorted-sets.js'
import { streams } from './families/streams.js'
import { strings } from './families/strings.js'
import { transactions } from './families/transactions.js'
import type { Family } from './family.js'

/** All of them. What the server does not know yet is not asked: see generator.ts. */
export const families: readonly Family[] = [
  strings,
  bitmaps,
  hyperloglogs,
  generic,
  expiry,
  transactions,
  lists,
  sets,
  hashes,
  sortedSets,
  lexRanges,
  geo,
  streams,
  connections,
  payloads,
]
