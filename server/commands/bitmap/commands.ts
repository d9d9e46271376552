/** Bitmaps: strings whose bits are counted, found, combined, and read as integers. */

import type { Command } from '../../engine/command.js'
import { getbit, setbit } from './bit.js'
import { bitfield, bitfieldRo } from './field.js'
import { bitop } from './operation.js'
import { bitcount, bitpos } from './range.js'

export const bitmapCommands: readonly Command[] = [
  setbit,
  getbit,
  bitcount,
  bitpos,
  bitop,
  bitfield,
  bitfieldRo,
]
