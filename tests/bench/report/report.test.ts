import { describe, expect, test } from 'vitest'
import type { LoadFigures, LoadRow } from '../../../bench/load/load.js'
import { describeBar, judge, passes } from '../../../bench/report/bars.js'
import { fixed, grouped, range, times } from '../../../bench/report/format.js'
import { renderReport } from '../../../bench/report/markdown.js'
import type { Report } from '../../../bench/report/report.js'
import { markdownTable } from '../../../bench/report/table.js'
import { cpuTable, growthTable } from '../../../bench/report/tables.js'

const machine = {
  date: '2026-01-02T03:04:05Z',
  cpu: 'abacus',
  cores: 2,
  kernel: '6',
  node: 'v20',
  loadBefore: 0,
}
const blank: Report = {
  machine,
  subject: 'redstart',
  reference: 'redis-server',
  driver: 'hand',
  quick: false,
}
const pings = {
  p50Ms: 0.1,
  p99Ms: 1,
  p999Ms: 2,
  pings: 10,
  hiccupMs: 1,
  insertsPerSecond: 1000,
  starvedMs: 5,
}

describe('tables', () => {
  test('text stands left, numbers right', () => {
    expect(markdownTable(['a', 'b'], [['x', '1']])).toBe('| a | b |\n| --- | --: |\n| x | 1 |')
  })

  test('a bar in a cell does not end it', () => {
    expect(markdownTable(['a'], [['x|y']])).toContain('| x\\|y |')
  })

  test('numbers are rounded, grouped, and dashes where there are none', () => {
    expect([fixed(1.005, 1), grouped(1_234_567.8), times(0.704), range([0.6, 0.75])]).toEqual([
      '1.0',
      '1,234,568',
      '0.70x',
      '0.60-0.75',
    ])
    expect([fixed(null, 1), fixed(NaN, 1), grouped(null), times(null), range(null)]).toEqual(
      Array(5).fill('-'),
    )
  })

  test('CPU is compared by medians', () => {
    const table = cpuTable([cpuRow('set', 16, [0.5, 0.6, 9], [1, 1.2, 1.2])], {
      subject: 'a',
      reference: 'b',
    })
    expect(table).toContain('| SET | 16 | 0.60 | 1.20 | 0.50x | 0.50-7.50 |')
  })

  test('growth shows the median of the longest waits and the longest of them', () => {
    const runs = { subject: [4, 9, 3].map(maxMs => ({ ...pings, maxMs })), reference: [] }
    const table = growthTable({ keys: 1, runs }, { subject: 'a', reference: 'b' })
    expect(table).toContain('| a | 1,000 | 10 | 0.10 | 1.00 | 2.00 | 4.00 | 9.00 | 1.00 | 5.00 |')
    expect(table).toContain('| b | - | - | - | - | - | - | - | - | - |')
  })
})

describe('bars', () => {
  test.each([
    ['set', 16, 0.7],
    ['incr', 64, 0.7],
    ['ping', 1, 1.15],
    ['get', 1, 1.15],
    ['mset', 1, 1],
    ['mset', 64, 1],
  ] as const)('%s at P%i may cost as much as %f of redis-server', (test, pipeline, limit) => {
    const bars = judge({ ...blank, load: [cpuRow(test, pipeline, [limit], [1])] })
    expect(bars.map(bar => [bar.limit, passes(bar)])).toEqual([[limit, true]])
    const [missed] = judge({ ...blank, load: [cpuRow(test, pipeline, [limit + 0.01], [1])] })
    expect(passes(missed)).toBe(false)
  })

  test('each collection command brings its own', () => {
    const types = [{ name: 'SADD', limit: 0.8, pipeline: 16, runs: cpuRow('set', 16, [0.81], [1]).runs }]
    expect(judge({ ...blank, types }).map(describeBar)).toEqual([
      'FAIL: CPU of SADD P16: 0.810, at most 0.80 x redis-server',
    ])
    expect(renderReport({ ...blank, types })).toContain(
      '| SADD | 16 | 0.81 | 1.00 | 0.81x | 0.81-0.81 | 0.80x |',
    )
  })

  test('a pipelined PING has none', () => {
    expect(judge({ ...blank, load: [cpuRow('ping', 16, [9], [1])] })).toEqual([])
  })

  test('memory is judged by both accounts, growth by the median of the longest waits', () => {
    const memory = [
      {
        name: 'SET',
        kind: 'strings' as const,
        keys: 1,
        runs: { subject: [weight(70, 81)], reference: [weight(100, 100)] },
      },
    ]
    const growth = {
      keys: 1,
      runs: { subject: [4, 9, 3].map(maxMs => ({ ...pings, maxMs })), reference: [] },
    }
    expect(judge({ ...blank, memory, growth }).map(describeBar)).toEqual([
      'pass: used_memory per key, SET: 0.700, at most 0.70 x redis-server',
      'FAIL: RSS per key, SET: 0.810, at most 0.80 x redis-server',
      'pass: growth, p100 of PING: 4.000, at most 5.00 ms',
    ])
  })

  test('collections are judged by their own account, stalls by the longest wait', () => {
    const runs = { subject: [weight(91, 200)], reference: [weight(100, 100)] }
    const memory = [{ name: 'members of one set', kind: 'collections' as const, keys: 1, runs }]
    const stalls = [
      { name: 'DEL of a set', elements: 1, runs: { subject: [{ ...pings, maxMs: 6 }], reference: [] } },
    ]
    expect(judge({ ...blank, memory, stalls }).map(describeBar)).toEqual([
      'FAIL: used_memory, members of one set: 0.910, at most 0.90 x redis-server',
      'FAIL: DEL of a set, p100 of PING: 6.000, at most 5.00 ms',
    ])
    expect(renderReport({ ...blank, stalls })).toContain('| DEL of a set | redis-server | - |')
  })

  test('a log is judged by what it adds, by what it keeps up with, and by how fast it is read', () => {
    const speed = (requestsPerSecond: number): LoadFigures => ({ ...figures(1), requestsPerSecond })
    const aof = {
      logged: { subject: [{ withoutUs: 0.5, withUs: 0.6, ratio: 1.2 }], reference: [] },
      always: { subject: [speed(90)], reference: [speed(100)] },
      keys: 200,
      replay: {
        subject: [{ seconds: 1, keysPerSecond: 200 }],
        reference: [{ seconds: 2, keysPerSecond: 100 }],
      },
    }
    expect(judge({ ...blank, aof }).map(describeBar)).toEqual([
      'FAIL: CPU of SET P16 with everysec, to without: 1.200, at most 1.15 x',
      'FAIL: SET P1 with always, time: 1.111, at most 1.00 x redis-server',
      'pass: AOF replay, time: 0.500, at most 1.25 x redis-server',
    ])
    const page = renderReport({ ...blank, aof })
    expect(page).toContain('| redstart | 0.50 | 0.60 | 1.20x |')
    expect(page).toContain('| replay of 200 SETs, keys/s | 200 | 100 | 2.00x | 2.00-2.00 |')
  })

  test('what could not be compared has not passed', () => {
    const [alone] = judge({ ...blank, load: [cpuRow('set', 16, [0.1], [])] })
    const [tooBrief] = judge({ ...blank, load: [cpuRow('set', 16, [0], [1])] })
    expect([passes(alone), passes(tooBrief)]).toEqual([false, false])
    expect(describeBar(alone)).toBe('FAIL: CPU of SET P16: not measured, at most 0.70 x redis-server')
  })
})

describe('the page', () => {
  test('has a section for each part that ran', () => {
    const page = renderReport({ ...blank, load: [cpuRow('get', 1, [1], [1])] })
    expect(page.match(/^##? .*$/gm)).toEqual([
      '# Bench: the latest run',
      '## Server CPU per request, microseconds (P = requests per pipeline, 50 connections)',
      '## Throughput and latency',
      '## Bars',
    ])
  })

  test('says when there was nothing to compare to', () => {
    const page = renderReport({ ...blank, reference: null, load: [cpuRow('get', 1, [1], [])] })
    expect(page).toContain('nothing to compare to')
    expect(page).toContain('| GET | 1 | 1.00 | - | - | - |')
  })
})

function cpuRow(test: LoadRow['test'], pipeline: number, subject: number[], reference: number[]): LoadRow {
  return { test, pipeline, runs: { subject: subject.map(figures), reference: reference.map(figures) } }
}

function figures(cpuUs: number): LoadFigures {
  const traffic = { requests: 1, requestsPerSecond: 1, p50Ms: 1, p99Ms: 1, p999Ms: 1, maxMs: 1 }
  return { ...traffic, cpuUs, userUs: cpuUs, systemUs: 0 }
}

function weight(usedBytes: number, residentBytes: number): { usedBytes: number; residentBytes: number } {
  return { usedBytes, residentBytes }
}
