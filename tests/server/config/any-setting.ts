import fc from 'fast-check'
import type { Directive } from '../../../server/config/directive.js'

/** Text as a person or a program may choose it: any bytes. */
const anyText = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code)),
  maxLength: 12,
})

const anySize = fc
  .tuple(fc.integer({ min: 1, max: 4096 }), fc.constantFrom('', 'b', 'k', 'kb', 'm', 'mb', 'gb'))
  .map(([count, unit]) => `${count}${unit}`)

const anyLimit = fc.tuple(fc.constantFrom('normal', 'replica', 'slave', 'pubsub'), anySize, anySize, fc.nat())

/** By name, settings whose kind does not say enough. */
const special: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bind: fc.array(fc.constantFrom('127.0.0.1', '-::1', '*'), { maxLength: 3 }).map(words => words.join(' ')),
  save: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.nat()))
    .map(points => points.flat().join(' ')),
  dir: fc.constantFrom('/', '/tmp', 'a "b"', '..'),
  replicaof: fc.constantFrom('no one', 'some.host 6380', '::1 1'),
  activedefrag: fc.constant('no'),
  'cluster-enabled': fc.constant('no'),
  'client-output-buffer-limit': fc.array(anyLimit, { minLength: 1 }).map(limits => limits.flat().join(' ')),
  'maxmemory-clients': fc.oneof(
    anySize,
    fc.integer({ min: 0, max: 100 }).map(percent => `${percent}%`),
  ),
  'notify-keyspace-events': fc.string({ unit: fc.constantFrom(...Array.from('Ag$lshzxetdnKEm')) }),
  'latency-tracking-info-percentiles': fc.constantFrom('', '50', '99.9 100 0', '1.25'),
  'oom-score-adj-values': fc.constantFrom('1 2 3', '-2000 0 2000'),
  'proc-title-template': fc.constantFrom('{port} "x"', 'me'),
  'cluster-announce-hostname': fc.constantFrom('', 'a-host.name'),
  'shutdown-on-sigint': fc.constantFrom('default', 'save', 'force now nosave'),
  'shutdown-on-sigterm': fc.constantFrom('default', 'now', 'nosave force'),
  unixsocketperm: fc.constantFrom('0', '700', '777'),
}

/** A value that this directive takes, as CONFIG SET would be given it. */
export function anySetting({ name, kind }: Directive): fc.Arbitrary<string> {
  if (name in special) return special[name]
  const range = /^(-?\d+) \.\. (\d+)$/.exec(kind.accepts)
  if (range !== null) return anyInteger(Number(range[1]), Number(range[2]))
  if (kind.accepts.startsWith('a size'))
    return anySize.filter(size => !(kind.read([size], 0, false) instanceof Object))
  if (kind.accepts.includes(' | ')) return fc.constantFrom(...kind.accepts.split(' | '))
  return anyText.map(text => text.replace(/[/\\]/g, '') || 'x')
}

function anyInteger(min: number, max: number): fc.Arbitrary<string> {
  return fc.integer({ min, max: Math.min(max, 2 ** 31 - 1) }).map(String)
}
