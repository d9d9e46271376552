/** A client as a line of CLIENT LIST: fields in Redis' order, which tools parse. */

import { clientMemory } from '../../engine/client-memory.js'
import type { Context } from '../../engine/context.js'
import { type Session, SessionAlert } from '../../engine/session.js'

/** Clients of the server itself (the AOF's reader, scripts) are nobody's business. */
export function isListed(session: Session): boolean {
  return session.transport.kind !== 'inside' || !session.trusted
}

/** When, and whose command it is that asks: words of others are in their query buffers. */
type Asker = Pick<Context, 'now' | 'session'>

/** One text, put together in one go: there may be thousands of clients, and a list of fields for each is garbage. */
export function clientLine(asker: Asker, session: Session): string {
  return `${identity(asker, session)} ${state(session)} ${memory(asker, session)} ${protocol(session)}`
}

function identity({ now }: Asker, session: Session): string {
  const { id, transport, name } = session
  const age = Math.floor((now - session.createdAtMs) / 1000)
  const idle = Math.floor((now - session.lastActiveMs) / 1000)
  const place = `id=${id} addr=${transport.address} laddr=${transport.localAddress} fd=${transport.fd}`
  return `${place} name=${name} age=${age} idle=${idle} flags=${clientFlags(session)} db=${session.db.index}`
}

function state({ channels, patterns, shardChannels, transaction }: Session): string {
  return `sub=${channels} psub=${patterns} ssub=${shardChannels} multi=${transaction?.length ?? -1}`
}

function memory(asker: Asker, session: Session): string {
  const held = clientMemory(session)
  const running = session === asker.session ? session.request.bytes : 0
  const argv = running > 0 ? running : held.argv
  const asked = `qbuf=${held.query} qbuf-free=${held.queryFree} argv-mem=${argv} multi-mem=${held.transaction}`
  const buffer = `rbs=${held.replyBuffer} rbp=${held.replyBufferPeak} obl=${held.replyBytes}`
  const output = `oll=${held.outputPieces} omem=${held.output} tot-mem=${held.total + running}`
  return `${asked} ${buffer} ${output} events=${held.output > 0 ? 'rw' : 'r'}`
}

function protocol(session: Session): string {
  const { transport, libraryName, libraryVersion } = session
  const command = session.lastCommand?.command.fullName ?? 'NULL'
  const speaks = `cmd=${command} user=${session.user} redir=${session.redirection} resp=${session.reply.protocol}`
  // Later releases put `watch` behind `multi`; at the end the line is still one that 7.0's tools know.
  const later = `lib-name=${libraryName} lib-ver=${libraryVersion} watch=${session.watching} io-thread=0`
  const net = `tot-net-in=${transport.bytesReceived} tot-net-out=${transport.bytesSent}`
  return `${speaks} ${later} ${net} tot-cmds=${session.commands}`
}

/** One letter for each thing that is special about a client; N when nothing is. */
export function clientFlags(session: Session): string {
  const { alert, transport, transaction, tracking } = session
  let letters = ''
  if (session.monitor) letters += 'O'
  else if (session.class === 'replica') letters += 'S'
  if (isMasterLink(session)) letters += 'M'
  if ((alert & SessionAlert.subscribed) !== 0) letters += 'P'
  if (transaction !== null) letters += 'x'
  if (session.waiting !== null) letters += 'b'
  if (tracking !== null) letters += 't'
  if (tracking?.broken === true) letters += 'R'
  if (tracking?.broadcast === true) letters += 'B'
  if (session.watchBroken) letters += 'd'
  if (session.closing) letters += 'c'
  if (transport.kind === 'unix') letters += 'U'
  if (session.noEvict) letters += 'e'
  if (session.noTouch) letters += 'T'
  return letters === '' ? 'N' : letters
}

/** The link on which our master speaks to us. */
export function isMasterLink(session: Session): boolean {
  return session.trusted && session.transport.kind !== 'inside'
}
