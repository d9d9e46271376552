import { expect, test } from 'vitest'
import { acquaintWithDirectories } from '../../../server/memory/acquaint.js'
import { Table } from '../../../server/memory/dict-table.js'

test('at the start V8 is shown tables with a directory that are read, filled, emptied and freed', () => {
  const shown = new Map<string, number>()
  const { prototype } = Table as unknown as { prototype: Record<string, (...words: unknown[]) => unknown> }
  const names = ['bucket', 'prefetch', 'put', 'erase', 'visit', 'clear', 'freeChunk', 'end']
  const originals = names.map(name => [name, prototype[name]] as const)
  for (const [name, original] of originals) {
    prototype[name] = function (this: Table, ...words: unknown[]) {
      if (this.buckets > 1024) shown.set(name, (shown.get(name) ?? 0) + 1)
      return original.apply(this, words)
    }
  }
  try {
    acquaintWithDirectories()
  } finally {
    for (const [name, original] of originals) prototype[name] = original
  }
  for (const name of names) expect(shown.get(name), name).toBeGreaterThan(0)
})
