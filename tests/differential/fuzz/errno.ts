import { connect } from 'node:net'
import { once } from 'node:events'
import type { Words } from './family.js'

/**
 * Redis judges some numbers by an errno that nobody has cleared since some request before: a sum that once was too
 * large makes SORT refuse good weights. A connection that comes and goes leaves another errno behind.
 */
export async function clearErrno(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('QUIT\r\n')
  await once(socket.resume(), 'close')
}

/** Whether what is asked is judged by an errno of before. */
export function isJudgedByErrno(words: Words): boolean {
  return /^sort(_ro)?$/i.test(words[0])
}
