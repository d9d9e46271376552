import { describe, expect, test } from 'vitest'
import { lcsBytes, lcsLength, lcsRuns, lcsTableBytes, type CommonRun } from '../../../server/data/lcs.js'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'

interface Answer {
  length: number
  text: string
  runs: CommonRun[]
}

/** The textbook: a table of counts, and the walk back that goes left when in doubt. */
function textbook(a: string, b: string): Answer {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const equal = a[i - 1] === b[j - 1]
      table[i][j] = equal ? table[i - 1][j - 1] + 1 : Math.max(table[i - 1][j], table[i][j - 1])
    }
  }
  let [i, j, text] = [a.length, b.length, '']
  const runs: CommonRun[] = []
  let open = false
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      text = a[--i] + text
      j--
      if (open) runs.push({ a: i, b: j, length: runs.pop()!.length + 1 })
      else runs.push({ a: i, b: j, length: 1 })
      open = true
    } else {
      if (table[i - 1][j] > table[i][j - 1]) i--
      else j--
      open = false
    }
  }
  return { length: table[a.length][b.length], text, runs }
}

function ours(a: string, b: string): Answer {
  const [x, y] = [Span.of(a), Span.of(b)]
  const { length, runs } = lcsRuns(x, y, 0)
  expect(lcsLength(x, y)).toBe(length)
  return { length, text: lcsBytes(x, y).toString('latin1'), runs }
}

function randomText(random: Random, letters: number): string {
  const length = random.below(5) === 0 ? random.below(200) : random.below(40)
  return Array.from({ length }, () => String.fromCharCode(random.below(letters) * 7)).join('')
}

describe('the longest common subsequence', () => {
  test('is the one the textbook finds, run by run, for random strings', () => {
    const random = seededRandom(11)
    for (let round = 0; round < 1500; round++) {
      const letters = [2, 3, 8, 36][random.below(4)]
      const [a, b] = [randomText(random, letters), randomText(random, letters)]
      expect(ours(a, b)).toEqual(textbook(a, b))
    }
  })

  test('is found when the rows fill their words exactly', () => {
    for (const length of [31, 32, 33, 64]) {
      const text = 'ab'.repeat(length).slice(0, length)
      expect(ours(text, text)).toEqual({ length, text, runs: [{ a: 0, b: 0, length }] })
    }
  })

  test('is empty when a string is', () => {
    expect(ours('', 'abc')).toEqual({ length: 0, text: '', runs: [] })
    expect(ours('abc', '')).toEqual({ length: 0, text: '', runs: [] })
  })

  test('of the example in the Redis documentation', () => {
    const [a, b] = [Span.of('ohmytext'), Span.of('mynewtext')]
    expect(lcsBytes(a, b).toString('latin1')).toBe('mytext')
    expect(lcsRuns(a, b, 0)).toEqual({
      length: 6,
      runs: [
        { a: 4, b: 5, length: 4 },
        { a: 2, b: 0, length: 2 },
      ],
    })
    expect(lcsRuns(a, b, 4)).toEqual({ length: 6, runs: [{ a: 4, b: 5, length: 4 }] })
  })
})

test('the table Redis would need has a row and a column more than the strings', () => {
  expect(lcsTableBytes(Span.of('abc'), Span.of('de'))).toBe(4 * 3 * 4)
})
