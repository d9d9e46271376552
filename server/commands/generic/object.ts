/** How a value is kept. */

import { type Command, container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import { Type } from '../../data/entry.js'
import { LFU_NOT_SELECTED, LFU_SELECTED } from '../../resp/errors.js'
import { help } from '../help.js'

/** Redis keeps one object for each of the integers below this, and says that it has this many owners. */
const SHARED_INTEGERS = 10_000
const SHARED_OWNERS = 2 ** 31 - 1

const encoding = aspect('ENCODING', {
  does: 'Names the form in which a value is stored.',
  since: '2.2.3',
  tell({ keyspace, reply }, ref) {
    reply.text(keyspace.kinds[keyspace.entries.type(ref)].encodingName(ref))
  },
})

const frequency = aspect('FREQ', {
  does: 'Answers the logarithmic counter of uses, under an LFU policy.',
  since: '4.0.0',
  tell({ keyspace, reply }, ref) {
    const { access, entries } = keyspace
    if (!access.lfu) throw LFU_NOT_SELECTED
    reply.int(access.counter(entries.access(ref)))
  },
})

const idleTime = aspect('IDLETIME', {
  does: 'Answers the seconds since the last use, unless the policy is LFU.',
  since: '2.2.3',
  tell({ keyspace, reply }, ref) {
    const { access, entries } = keyspace
    if (access.lfu) throw LFU_SELECTED
    reply.int(access.idleSeconds(entries.access(ref)))
  },
})

const references = aspect('REFCOUNT', {
  does: 'Answers how many owners a value has.',
  since: '2.2.3',
  tell(ctx, ref) {
    ctx.reply.int(isShared(ctx, ref) ? SHARED_OWNERS : 1)
  },
})

export const object = container(
  'OBJECT',
  { does: 'Tells how a value is kept.', since: '2.2.3', group: 'generic' },
  [encoding, frequency, idleTime, references, help('generic', '6.2.0', ['keyspace'])],
)

interface Aspect {
  readonly does: string
  readonly since: string
  readonly tell: (ctx: Context, ref: number) => void
}

/** Asking does not count as use; that the key is not there is counted, and not told. */
function aspect(name: string, { does, since, tell }: Aspect): Command {
  return subcommand(name, {
    does,
    since,
    group: 'generic',
    complexity: 'O(1)',
    flags: ['readonly'],
    tips: ['nondeterministic_output'],
    args: { key: key('RO') },
    run(ctx, { key }) {
      const ref = ctx.db.peek(key)
      ctx.db.countLook(ref !== 0)
      if (ref === 0) ctx.reply.null()
      else tell(ctx, ref)
    },
  })
}

/** Objects that carry an age of their own are not shared: with a limit on memory, under LRU and LFU. */
function isShared({ keyspace, config }: Context, ref: number): boolean {
  const { maxmemory, maxmemoryPolicy } = config.values
  if (maxmemory > 0 && /l[rf]u|lrm/.test(maxmemoryPolicy)) return false
  if (keyspace.entries.type(ref) !== Type.string || keyspace.strings.encodingName(ref) !== 'int') return false
  const value = keyspace.strings.smallInteger(ref)
  return value >= 0 && value < SHARED_INTEGERS
}
