import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { DirectPress } from '../../../persistence/rdb/press.js'
import type { PressTask } from '../../../persistence/rdb/press-thread.js'
import { PressThread } from '../../../persistence/rdb/press-thread.js'
import { systemThreads } from '../../../server/lib/threads.js'
import { bytesOf, pressed, rawPiece } from '../../support/pieces.js'

const PROGRAM = new URL('../../../persistence/rdb/press-program.js', import.meta.url)

function task(text: string): PressTask {
  const { mem, ...rest } = rawPiece(text)
  return { ...rest, bytes: mem.dv.buffer as SharedArrayBuffer, form: 'none', file: 0 }
}

/** A string of 40 equal letters behind its length, and something before and after. */
const MARKED = `ab\x28${'x'.repeat(40)}cd`

test('a thread makes of pieces what is made here, in the order in which they came', async () => {
  const direct = new DirectPress('sum')
  const threads = systemThreads()
  const press = new PressThread(threads).press('sum')
  try {
    const pieces = () => [rawPiece(MARKED, [2, 40]), rawPiece('plain'), rawPiece('the end', [], true)]
    const expected = pieces().map(each => pressed(direct, each).toString('hex'))
    const made = pieces().map(async each => bytesOf(each, await press.press(each)).toString('hex'))
    expect(await Promise.all(made)).toEqual(expected)
  } finally {
    threads.end()
  }
})

test('a file that was broken off leaves nothing in the sum of the next', async () => {
  const threads = systemThreads()
  const thread = new PressThread(threads)
  try {
    await thread.press('sum').press(rawPiece('of which no more is heard'))
    const whole = rawPiece('whole', [], true)
    const made = bytesOf(whole, await thread.press('sum').press(whole))
    const expected = pressed(new DirectPress('sum'), rawPiece('whole', [], true))
    expect(made.toString('hex')).toBe(expected.toString('hex'))
  } finally {
    threads.end()
  }
})

test('where a thread has died another takes its place', async () => {
  const threads = systemThreads()
  const thread = new PressThread(threads)
  try {
    const press = thread.press('none')
    const asked = press.press(rawPiece('lost'))
    threads.end()
    await expect(asked).rejects.toThrow('the thread has ended')
    const found = rawPiece('found')
    expect(bytesOf(found, await thread.press('none').press(found)).toString()).toBe('found')
  } finally {
    threads.end()
  }
})

test('what a thread was asked and has not answered when it ends is refused', async () => {
  const thread = systemThreads().start<PressTask, number>(PROGRAM)
  const asked = thread.ask(task('a'))
  thread.end()
  await expect(asked).rejects.toThrow('the thread has ended')
  await expect(thread.ask(task('b'))).rejects.toThrow('the thread has ended')
})

test('what a thread cannot do is refused, and it goes on', async () => {
  const thread = systemThreads().start<PressTask, number>(PROGRAM)
  try {
    const broken = { ...task('a'), marks: null } as unknown as PressTask
    await expect(thread.ask(broken)).rejects.toThrow('null')
    expect(await thread.ask(task('whole'))).toBe(5)
  } finally {
    thread.end()
  }
})

test.runIf(process.platform === 'linux')('a thread gives way to the loop', async () => {
  const threads = (): string[] => readdirSync('/proc/self/task')
  const before = new Set(threads())
  const thread = systemThreads().start<PressTask, number>(PROGRAM)
  try {
    await thread.ask(task('a'))
    const made = threads().filter(each => !before.has(each))
    expect(made.map(each => getPriority(Number(each)))).toContain(10)
    expect(getPriority()).toBe(0)
  } finally {
    thread.end()
  }
})
