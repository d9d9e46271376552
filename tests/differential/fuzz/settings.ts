import { seededRandom } from '../../../server/lib/random.js'
import { Draw } from './draw.js'

/**
 * What a trial runs under. Limits of encodings are drawn low in most trials, so that collections of a few elements
 * change from one encoding to the next.
 */
export type Settings = Readonly<Record<string, string>>

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'notify-keyspace-events': [''],
  'hash-max-listpack-entries': ['512', '4', '16', '0'],
  'hash-max-listpack-value': ['64', '8'],
  'list-max-listpack-size': ['-2', '4', '1', '-1'],
  'list-compress-depth': ['0', '1', '3'],
  'set-max-intset-entries': ['512', '4', '16', '0'],
  'zset-max-listpack-entries': ['128', '4', '16', '0'],
  'zset-max-listpack-value': ['64', '8'],
  'stream-node-max-entries': ['100', '3', '8', '1'],
  'stream-node-max-bytes': ['4096', '60', '0'],
  'maxmemory-policy': ['noeviction', 'noeviction', 'allkeys-lfu', 'volatile-lfu'],
  // With a bound, small numbers are nobody's common property.
  maxmemory: ['4000000000'],
  // Then every access counts, and none is forgotten.
  'lfu-log-factor': ['0'],
  'lfu-decay-time': ['0'],
  'hll-sparse-max-bytes': ['3000', '40', '0'],
}

/** Those of a trial with a crowd: mostly there is much to hear. */
export function crowdSettingsOf(seed: number): Settings {
  const draw = new Draw(seededRandom(seed ^ 0xc0de))
  return { ...settingsOf(seed), 'notify-keyspace-events': draw.pick(['', 'KEA', 'KEAmn', 'Kglx']) }
}

/** Those of the trial with this seed; one trial in three has the defaults. */
export function settingsOf(seed: number): Settings {
  const draw = new Draw(seededRandom(seed ^ 0x5e77))
  const plain = draw.once(3)
  return Object.fromEntries(
    Object.entries(CHOICES).map(([name, values]) => [name, plain ? values[0] : draw.pick(values)]),
  )
}
