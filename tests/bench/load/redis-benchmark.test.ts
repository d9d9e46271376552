import { describe, expect, test } from 'vitest'
import { parseReport } from '../../../bench/load/redis-benchmark.js'

/** As redis-benchmark 7.0.15 prints it: progress overwrites itself by carriage returns. */
const report = `SET: rps=0.0 (overall: 0.0) avg_msec=-nan (overall: -nan)\rSET: rps=9.5 (overall: 9.5)\r \r====== SET ======
  200000 requests completed in 0.15 seconds
  50 parallel clients
  3 bytes payload
  keep alive: 1
  host configuration "save": 
  multi-thread: no

Latency by percentile distribution:
0.000% <= 0.191 milliseconds (cumulative count 32)
50.000% <= 0.511 milliseconds (cumulative count 101296)
99.219% <= 1.151 milliseconds (cumulative count 198448)
99.805% <= 1.799 milliseconds (cumulative count 199616)
99.902% <= 1.887 milliseconds (cumulative count 199856)
100.000% <= 2.159 milliseconds (cumulative count 200000)

Cumulative distribution of latencies:
0.000% <= 0.103 milliseconds (cumulative count 0)
99.944% <= 1.903 milliseconds (cumulative count 199888)
100.000% <= 3.103 milliseconds (cumulative count 200000)

Summary:
  throughput summary: 1307189.62 requests per second
  latency summary (msec):
          avg       min       p50       p95       p99       max
        0.544     0.184     0.511     0.823     1.079     2.159

`

describe("redis-benchmark's report", () => {
  test('gives requests, speed and percentiles', () => {
    expect(parseReport(report)).toEqual({
      requests: 200_000,
      requestsPerSecond: 1_307_189.62,
      p50Ms: 0.511,
      p99Ms: 1.079,
      p999Ms: 1.887,
      maxMs: 2.159,
    })
  })

  test('takes the end of a short list of percentiles for p99.9', () => {
    const short = report.replace(/^99\.(805|902)%.*\n/gm, '')
    expect(parseReport(short).p999Ms).toBe(2.159)
  })

  test('is refused, and shown, when something is missing', () => {
    expect(() => parseReport('Error from server: ERR unknown command')).toThrow(
      /did not report .*\n.*unknown command/s,
    )
    expect(() => parseReport(report.replace('throughput', ''))).toThrow('throughput summary')
  })
})
