/** A client as a line of CLIENT LIST: fields in Redis' order, which tools parse. */

import { clientMemory } from '../../engine/client-memory.js'
import type { Context } from '../../engine/context.js'
import { type Session, SessionAlert } from '../../engine/session.js'

/** Clients of the server itself (the AOF's reader, scripts) are nobody's business. */
export function isListed(session: Session): boolean {
  return session.transport.kind !== 'inside' || !session.trusted
}

/** `ctx`: the command that asks. */
export function clientLine(ctx: Asker, session: Session): string {
  return [...identity(ctx, session), ...state(session), ...memory(ctx, session), ...protocol(session)]
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** When, and whose command it is that asks: words of others are in their query buffers. */
type Asker = Pick<Context, 'now' | 'session'>

type Field = readonly [name: string, value: string | number]

function identity({ now }: Asker, session: Session): Field[] {
  const { transport } = session
  return [
    ['id', session.id],
    ['addr', transport.address],
    ['laddr', transport.localAddress],
    ['fd', transport.fd],
    ['name', session.name],
    ['age', Math.floor((now - session.createdAtMs) / 1000)],
    ['idle', Math.floor((now - session.lastActiveMs) / 1000)],
    ['flags', clientFlags(session)],
    ['db', session.db.index],
  ]
}

function state(session: Session): Field[] {
  return [
    ['sub', session.channels],
    ['psub', session.patterns],
    ['ssub', session.shardChannels],
    ['multi', session.transaction?.queue.length ?? -1],
  ]
}

function memory(asker: Asker, session: Session): Field[] {
  const held = clientMemory(session)
  const running = session === asker.session ? session.request.bytes : 0
  return [
    ['qbuf', held.query],
    ['qbuf-free', held.queryFree],
    ['argv-mem', running > 0 ? running : held.argv],
    ['multi-mem', held.transaction],
    ['rbs', held.replyBuffer],
    ['rbp', held.replyBufferPeak],
    ['obl', held.replyBytes],
    ['oll', held.outputPieces],
    ['omem', held.output],
    ['tot-mem', held.total + running],
    ['events', held.output > 0 ? 'rw' : 'r'],
  ]
}

function protocol(session: Session): Field[] {
  const { transport } = session
  return [
    ['cmd', session.lastCommand?.command.fullName ?? 'NULL'],
    ['user', session.user],
    ['redir', session.redirection],
    ['resp', session.reply.protocol],
    ['lib-name', session.libraryName],
    ['lib-ver', session.libraryVersion],
    // Later releases put it behind `multi`; at the end the line is still one that 7.0's tools know.
    ['watch', session.watching],
    ['io-thread', 0],
    ['tot-net-in', transport.bytesReceived],
    ['tot-net-out', transport.bytesSent],
    ['tot-cmds', session.commands],
  ]
}

/** One letter for each thing that is special about a client; N when nothing is. */
export function clientFlags(session: Session): string {
  const { alert, transport, transaction, tracking } = session
  const marks: readonly (readonly [letter: string, holds: boolean])[] = [
    ['O', session.monitor],
    ['S', session.class === 'replica' && !session.monitor],
    ['M', isMasterLink(session)],
    ['P', (alert & SessionAlert.subscribed) !== 0],
    ['x', transaction !== null],
    ['b', session.waiting !== null],
    ['t', tracking !== null],
    ['R', tracking?.broken === true],
    ['B', tracking?.broadcast === true],
    ['d', session.watchBroken],
    ['c', session.closing],
    ['U', transport.kind === 'unix'],
    ['e', session.noEvict],
    ['T', session.noTouch],
  ]
  const letters = marks.filter(([, holds]) => holds).map(([letter]) => letter)
  return letters.length === 0 ? 'N' : letters.join('')
}

/** The link on which our master speaks to us. */
export function isMasterLink(session: Session): boolean {
  return session.trusted && session.transport.kind !== 'inside'
}
