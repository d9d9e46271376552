import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { simulatedProcess, systemProcess, type ProcessFacts } from '../../server/lib/process-facts.js'

const folderBefore = process.cwd()
afterAll(() => process.chdir(folderBefore))

const implementations: [name: string, make: () => ProcessFacts][] = [
  ['the system process', systemProcess],
  ['the simulated process', () => simulatedProcess()],
]

describe.each(implementations)('%s', (_name, make) => {
  const facts = make()

  test('has a number, a program and a machine', () => {
    expect(facts.pid).toBeGreaterThan(0)
    expect(facts.nodeVersion).toMatch(/^v\d+\./)
    expect(facts.executable).not.toBe('')
    expect(facts.machine.os).toMatch(/^\S+ \S+ \S+$/)
    expect([32, 64]).toContain(facts.machine.archBits)
    expect(facts.machine.totalMemoryBytes).toBeGreaterThan(facts.rssBytes())
  })

  test('lives in a folder that can be changed', () => {
    const folder = realpathSync(tmpdir())
    expect(facts.workingFolder()).toMatch(/^[/A-Z]/)
    facts.changeWorkingFolder(folder)
    expect(facts.workingFolder()).toBe(folder)
  })

  test('uses memory, the most of it at its peak', () => {
    const { rssBytes, peakRssBytes, anonymousBytes, fileBytes, sharedBytes } = facts.residentMemory()
    expect(rssBytes).toBeGreaterThan(1 << 20)
    expect(peakRssBytes).toBeGreaterThanOrEqual(rssBytes)
    for (const part of [anonymousBytes, fileBytes, sharedBytes]) expect(part).toBeGreaterThanOrEqual(0)
  })

  test('has a heap', () => {
    const { heapUsedBytes, heapTotalBytes, externalBytes, arrayBuffersBytes } = facts.heapMemory()
    expect(heapUsedBytes).toBeGreaterThan(0)
    expect(heapTotalBytes).toBeGreaterThanOrEqual(heapUsedBytes)
    expect(externalBytes).toBeGreaterThan(0)
    expect(arrayBuffersBytes).toBeGreaterThanOrEqual(0)
  })

  test('has worked, the main thread no more than all threads', () => {
    const main = facts.mainThreadCpuTime()
    const all = facts.cpuTime()
    expect(all.userUs).toBeGreaterThan(0)
    const tickUs = 10_000
    expect(main.userUs).toBeLessThanOrEqual(all.userUs + tickUs)
    expect(main.systemUs).toBeLessThanOrEqual(all.systemUs + tickUs)
  })

  test('collects garbage when asked to', () => {
    expect(() => facts.collectGarbage()).not.toThrow()
  })

  test('knows the limits of the system', () => {
    expect(facts.openFilesMax()).toBeGreaterThan(0)
    expect(facts.acceptQueueMax()).toBeGreaterThanOrEqual(0)
  })
})

test('the system process counts the bytes of buffers while they are held', () => {
  const facts = systemProcess()
  const bytes = 64 << 20
  facts.collectGarbage()
  const before = facts.heapMemory()
  const held = [new ArrayBuffer(bytes), new SharedArrayBuffer(bytes)]
  const after = facts.heapMemory()
  expect(after.externalBytes - before.externalBytes).toBeGreaterThan(bytes * 0.9)
  expect(after.arrayBuffersBytes - before.arrayBuffersBytes).toBeGreaterThan(held.length * bytes * 0.9)
})
