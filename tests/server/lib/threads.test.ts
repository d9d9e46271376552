import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { DirectPress, type RawPiece } from '../../../persistence/rdb/press.js'
import type { PressAnswer, PressTask } from '../../../persistence/rdb/press-thread.js'
import { PressThread } from '../../../persistence/rdb/press-thread.js'
import { systemThreads } from '../../../server/lib/threads.js'

const PROGRAM = new URL('../../../persistence/rdb/press-program.js', import.meta.url)

function piece(text: string, marks: readonly number[] = [], last = false): RawPiece {
  const bytes = Uint8Array.from(Buffer.from(text, 'latin1')).buffer
  return { bytes, length: bytes.byteLength, marks: Uint32Array.from(marks), last }
}

/** A string of 40 equal letters behind its length, and something before and after. */
const MARKED = `ab\x28${'x'.repeat(40)}cd`

test('a thread makes of pieces what is made here, in the order in which they came', async () => {
  const direct = new DirectPress('sum')
  const threads = systemThreads()
  const press = new PressThread(threads).press('sum')
  try {
    const texts = [piece(MARKED, [2, 40]), piece('plain'), piece('the end', [], true)]
    const expected = texts.map(each => direct.press({ ...each, bytes: each.bytes.slice(0) }).toString('hex'))
    const made = await Promise.all(texts.map(each => press.press(each)))
    expect(made.map(bytes => Buffer.from(bytes).toString('hex'))).toEqual(expected)
  } finally {
    threads.end()
  }
})

test('a file that was broken off leaves nothing in the sum of the next', async () => {
  const threads = systemThreads()
  const thread = new PressThread(threads)
  try {
    await thread.press('sum').press(piece('of which no more is heard'))
    const made = await thread.press('sum').press(piece('whole', [], true))
    const expected = new DirectPress('sum').press(piece('whole', [], true))
    expect(Buffer.from(made).toString('hex')).toBe(expected.toString('hex'))
  } finally {
    threads.end()
  }
})

test('where a thread has died another takes its place', async () => {
  const threads = systemThreads()
  const thread = new PressThread(threads)
  try {
    const press = thread.press('none')
    const asked = press.press(piece('lost'))
    threads.end()
    await expect(asked).rejects.toThrow('the thread has ended')
    expect(Buffer.from(await thread.press('none').press(piece('found'))).toString()).toBe('found')
  } finally {
    threads.end()
  }
})

test('what a thread was asked and has not answered when it ends is refused', async () => {
  const thread = systemThreads().start<PressTask, PressAnswer>(PROGRAM)
  const asked = thread.ask({ ...piece('a'), form: 'none', file: 0 }, [])
  thread.end()
  await expect(asked).rejects.toThrow('the thread has ended')
  await expect(thread.ask({ ...piece('b'), form: 'none', file: 0 }, [])).rejects.toThrow(
    'the thread has ended',
  )
})

test('what a thread cannot do is refused, and it goes on', async () => {
  const thread = systemThreads().start<PressTask, PressAnswer>(PROGRAM)
  try {
    const broken = { ...piece('a'), marks: null, form: 'none', file: 0 } as unknown as PressTask
    await expect(thread.ask(broken, [])).rejects.toThrow('null')
    const { bytes, length } = await thread.ask({ ...piece('b'), form: 'none', file: 0 }, [])
    expect(Buffer.from(bytes, 0, length).toString()).toBe('b')
  } finally {
    thread.end()
  }
})

test.runIf(process.platform === 'linux')('a thread gives way to the loop', async () => {
  const threads = (): string[] => readdirSync('/proc/self/task')
  const before = new Set(threads())
  const thread = systemThreads().start<PressTask, PressAnswer>(PROGRAM)
  try {
    await thread.ask({ ...piece('a'), form: 'none', file: 0 }, [])
    const made = threads().filter(each => !before.has(each))
    expect(made.map(each => getPriority(Number(each)))).toContain(10)
    expect(getPriority()).toBe(0)
  } finally {
    thread.end()
  }
})
