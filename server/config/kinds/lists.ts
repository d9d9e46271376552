import { manyWords, Refusal, withoutEmpty, WRONG_COUNT, type Kind } from '../kind.js'

const NOT_A_PERCENTILE = new Refusal('Invalid latency-tracking-info-percentiles parameters')
const NOT_IN_RANGE = new Refusal(
  'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
)

/** Numbers from 0 to 100, fractions allowed. */
export const percentiles: Kind<readonly number[]> = manyWords<readonly number[]>(
  'numbers from 0 to 100',
  words => {
    const values = withoutEmpty(words).map(word =>
      /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : NaN,
    )
    if (values.some(Number.isNaN)) return NOT_A_PERCENTILE
    return values.every(value => value >= 0 && value <= 100) ? values : NOT_IN_RANGE
  },
  values => values.map(value => String(Number(value.toFixed(6)))).join(' '),
)

/** More addresses than this are refused, as by Redis. */
const BIND_ADDRESSES_MAX = 16
const TOO_MANY_ADDRESSES = new Refusal('Too many bind addresses specified.')

/** Addresses to listen on; a leading `-` forgives an address this machine does not have. */
export const addresses: Kind<readonly string[]> = manyWords<readonly string[]>(
  'up to 16 addresses',
  words => (words.length > BIND_ADDRESSES_MAX ? TOO_MANY_ADDRESSES : withoutEmpty(words)),
  hosts => hosts.join(' '),
)

const SCORES = 3
const BAD_SCORE = new Refusal('Invalid oom-score-adj-values, elements must be between -2000 and 2000.')

/** Adjustments of the kernel's out-of-memory score for a master, a replica and a background child. */
export const oomScores: Kind<readonly number[]> = manyWords<readonly number[]>(
  'three numbers from -2000 to 2000',
  words => {
    if (words.length !== SCORES) return WRONG_COUNT
    const scores = words.map(word => (/^[-+]?\d+$/.test(word) ? Number(word) : NaN))
    return scores.every(score => score >= -2000 && score <= 2000) ? scores : BAD_SCORE
  },
  scores => scores.join(' '),
)

/** Where the master of a replica is. */
export interface MasterAddress {
  readonly host: string
  readonly port: number
}

const BAD_PORT = new Refusal('Invalid master port')

/** `<host> <port>`, or `no one` for a server that is no replica. */
export const masterAddress: Kind<MasterAddress | null> = manyWords<MasterAddress | null>(
  '<host> <port> | no one',
  words => {
    if (words.length !== 2) return WRONG_COUNT
    const [host, port] = words
    if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') return null
    return /^\d+$/.test(port) && Number(port) <= 65535 ? { host, port: Number(port) } : BAD_PORT
  },
  master => (master === null ? '' : `${master.host} ${master.port}`),
)
