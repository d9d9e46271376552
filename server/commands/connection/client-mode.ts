/** CLIENT REPLY, NO-EVICT, NO-TOUCH, CAPA: how this connection wants to be treated. */

import { subcommand } from '../../engine/command.js'
import { bytes, oneOf, repeated } from '../../engine/grammar.js'
import { type Session, SessionAlert } from '../../engine/session.js'

export const reply = subcommand('REPLY', {
  does: 'Switches the replies of the connection off or on, or leaves out the next one.',
  since: '3.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { mode: oneOf(['ON', 'OFF', 'SKIP']) },
  run({ session, reply: answer }, { mode }) {
    if (mode === 'ON') {
      session.speak()
      answer.ok()
    } else if (mode === 'OFF') {
      session.replyOff = true
      session.set(SessionAlert.silent, true)
    } else {
      skipNext(session)
    }
  },
})

/** SKIP has no reply itself. One SKIP that another one silences still silences the next command. */
function skipNext(session: Session): void {
  if (session.replyOff) return
  if (session.skipReply) session.skipNextReply = true
  else session.skipReply = true
  session.set(SessionAlert.silent, true)
}

export const noEvict = subcommand('NO-EVICT', {
  does: 'Exempts the connection from the eviction of clients, or not.',
  since: '7.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: { mode: oneOf(['ON', 'OFF']) },
  run({ session, reply: answer }, { mode }) {
    session.noEvict = mode === 'ON'
    answer.ok()
  },
})

export const noTouch = subcommand('NO-TOUCH', {
  does: 'Makes the commands of the connection leave no trace in the age of keys, or not.',
  since: '7.2.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { mode: oneOf(['ON', 'OFF']) },
  run({ session, reply: answer }, { mode }) {
    session.noTouch = mode === 'ON'
    session.set(SessionAlert.noTouch, session.noTouch)
    answer.ok()
  },
})

export const capa = subcommand('CAPA', {
  does: 'Says what the client library can do; what the server does not know is ignored.',
  since: '8.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: { capability: repeated(bytes()) },
  run({ session, reply: answer }, { capability }) {
    session.redirectable ||= capability.some(word => word.is('redirect'))
    answer.ok()
  },
})
