import { connect } from 'node:net'
import { setPriority } from 'node:os'
import { createHistogram } from 'node:perf_hooks'
import { latencyOf } from '../latency.js'
import type { PingReport } from './pinger.js'

/**
 * The process that pings: `ping-process PORT`, told to stop by a message, answers with its report.
 *
 * A PING goes out every millisecond whether or not the last one was answered. Waiting for the answer first would
 * turn a stall of 100 ms into one slow request, where a hundred clients would have seen one, and p99.9 would look
 * well (coordinated omission).
 *
 * It also watches itself. When the system lets this process wait, an answer lies unread and its latency looks
 * worse than it was, by as much as our own timer was late at most. So it comes before others where it may, as root.
 */
const NICENESS = -10
const INTERVAL_MS = 1
const PING = Buffer.from('*1\r\n$4\r\nPING\r\n')
const PONG_LENGTH = '+PONG\r\n'.length

try {
  setPriority(NICENESS)
} catch {
  // Not allowed: `hiccupMs` tells what that costs.
}

const latencyNs = createHistogram()
const hiccupNs = createHistogram()
const unanswered: number[] = []
let received = 0
let stopping = false
let lastTickMs = performance.now()

const socket = connect({ port: Number(process.argv[2]), host: '127.0.0.1', noDelay: true })
socket.once('connect', () => {
  lastTickMs = performance.now()
  const timer = setInterval(tick, INTERVAL_MS)
  process.once('message', () => {
    clearInterval(timer)
    stopping = true
    reportWhenAnswered()
  })
  process.send!('ready')
})

socket.on('data', chunk => {
  const now = performance.now()
  received += chunk.length
  for (; received >= PONG_LENGTH; received -= PONG_LENGTH)
    latencyNs.record(nanoseconds(now - unanswered.shift()!))
  if (stopping) reportWhenAnswered()
})

function tick(): void {
  const now = performance.now()
  hiccupNs.record(nanoseconds(now - lastTickMs - INTERVAL_MS))
  lastTickMs = now
  unanswered.push(now)
  socket.write(PING)
}

function nanoseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1e6))
}

/** A PING still under way may be the slowest of all. */
function reportWhenAnswered(): void {
  if (unanswered.length > 0) return
  const hiccupMs = hiccupNs.max / 1e6
  const pings: PingReport = { ...latencyOf(latencyNs), pings: latencyNs.count, hiccupMs }
  process.send!(pings, () => process.exit())
}
