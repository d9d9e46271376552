import { expect, test } from 'vitest'
import { parseTrace, summarize } from '../../../bench/gc/trace.js'

const trace = `3:C 1 Jan 2026 00:00:00.000 * Ready to accept connections
[17673:0x35338c00]     1607 ms: Scavenge 4.5 (4.7) -> 4.2 (5.7) MB, 0.91 / 0.01 ms  (average mu = 1.000, current mu = 1.000) task; 
[17673:0x35338c00]     1624 ms: Scavenge 6.6 (9.2) -> 6.5 (14.2) MB, 2.53 / 0.00 ms  (average mu = 1.000, current mu = 1.000) task; 
[17673:0x35338c00]     2490 ms: Mark-Compact 157.1 (190.7) -> 42.4 (87.0) MB, 15.28 / 0.00 ms  (+ 26.3 ms in 69 steps since start of marking, biggest step 16.2 ms, walltime since start of marking 66 ms) (average mu = 0.931, current mu = 0.931) finalize incremental marking via task; GC in old space requested
[17673:0x35338c00]     2600 ms: Mark-Compact (reduce) 5.0 (9.0) -> 4.0 (8.0) MB, 1.10 / 0.00 ms  (average mu = 0.9, current mu = 0.9) idle task; 
`

test('collections are told by kind, everything else is passed over', () => {
  expect(parseTrace(trace).map(({ kind }) => kind)).toEqual([
    'scavenge',
    'scavenge',
    'mark-compact',
    'mark-compact',
  ])
})

test('the longest pause of a mark-compact may be one of its marking steps', () => {
  expect(parseTrace(trace).map(({ pauseMs }) => pauseMs)).toEqual([0.91, 2.53, 16.2, 1.1])
})

test('a summary counts one kind', () => {
  const collections = parseTrace(trace)
  expect(summarize(collections, 'mark-compact')).toMatchObject({ count: 2, longestMs: 16.2 })
  expect(summarize(collections, 'mark-compact').totalMs).toBeCloseTo(17.3)
  expect(summarize([], 'scavenge')).toEqual({ count: 0, longestMs: 0, totalMs: 0 })
})
