/** LOLWUT: a piece of generative art. Ours are hills behind hills, new ones every time. */

import { command } from '../../engine/command.js'
import { readInteger, repeated, bytes } from '../../engine/grammar.js'
import { REDIS_VERSION } from '../../engine/version.js'
import type { Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'

/** Columns and rows, unless asked otherwise, and at most. */
const SIZE = [66, 16] as const
const SIZE_MAX = 1000
/** From the farthest range to the nearest. */
const SHADES = ['.', ':', '*', '#'] as const

export const lolwut = command('LOLWUT', {
  does: 'Draws a landscape, and tells the version.',
  since: '5.0.0',
  group: 'server',
  flags: ['readonly', 'fast'],
  args: { words: repeated(bytes(), 0) },
  run(ctx, { words }) {
    const [columns, rows] = sizeAsked(words)
    ctx.reply.verbatim('txt', `${landscape(ctx.engine.random, columns, rows)}\nRedis ver. ${REDIS_VERSION}\n`)
  },
})

/** `VERSION version [columns [rows]]`: every version draws the same here. Other words are anybody's guess. */
function sizeAsked(words: readonly Span[]): readonly [columns: number, rows: number] {
  if (words.length < 2 || !words[0].is('version')) return SIZE
  const [, columns = SIZE[0], rows = SIZE[1]] = words.slice(1).map(word => readInteger(word))
  return [Math.min(Math.max(1, columns), SIZE_MAX), Math.min(Math.max(1, rows), SIZE_MAX)]
}

/** Nearer ranges stand lower and cover what is behind them. */
export function landscape(random: Random, columns: number, rows: number): string {
  const canvas = Array.from({ length: rows }, () => new Array<string>(columns).fill(' '))
  SHADES.forEach((shade, nearness) => {
    const base = rows * (0.55 - (0.5 * nearness) / SHADES.length)
    const ridge = hills(random, columns, base, rows / 4)
    for (let x = 0; x < columns; x++) {
      for (let y = rows - Math.max(1, Math.round(ridge[x])); y < rows; y++) if (y >= 0) canvas[y][x] = shade
    }
  })
  return canvas.map(line => `${line.join('').trimEnd()}\n`).join('')
}

/** Heights that are a sum of waves of halving length. */
function hills(random: Random, columns: number, base: number, swing: number): number[] {
  const waves = [1, 2, 4, 8].map(octave => ({
    turns: octave * (1 + random.float()),
    phase: random.float() * 2 * Math.PI,
    height: swing / octave,
  }))
  return Array.from({ length: columns }, (_, x) =>
    waves.reduce(
      (y, { turns, phase, height }) => y + height * Math.sin((2 * Math.PI * turns * x) / columns + phase),
      base,
    ),
  )
}
