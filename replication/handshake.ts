/**
 * The words that begin a link to a master, each of which waits for its answer, a line:
 *
 *      PING                                       is it there, and is it a Redis?
 *      AUTH [user] password                       if it wants that
 *      REPLCONF listening-port | ip-address       who we are, for its INFO
 *      REPLCONF capa eof capa psync2 | version    what we understand
 *      PSYNC replid offset [FAILOVER]             what we have; it may be told to lead
 */

import type { Engine } from '../server/engine/engine.js'
import { REDIS_VERSION } from '../server/engine/version.js'
import type { Conversation } from './conversation.js'
import { REPLID_DIGITS } from './history.js'
import type { Master } from './master.js'

const OFFSET = /^\d{1,15}$/

/** What the master answers to PSYNC. `later`: it cannot at present. */
export type SyncAnswer =
  | { readonly kind: 'continue'; readonly replid: string }
  | { readonly kind: 'full'; readonly replid: string; readonly offset: number }
  | { readonly kind: 'later' | 'refused'; readonly line: string }

/** `canGoOn`: we have asked to go on from somewhere. */
export function readSyncAnswer(line: string, canGoOn: boolean): SyncAnswer {
  const [word, name = '', offset = ''] = line.split(' ')
  const replid = name.length === REPLID_DIGITS ? name : ''
  if (word === '+CONTINUE' && canGoOn) return { kind: 'continue', replid }
  if (word === '+FULLRESYNC' && replid !== '' && OFFSET.test(offset))
    return { kind: 'full', replid, offset: Number(offset) }
  return { kind: /^-(NOMASTERLINK|LOADING)/.test(line) ? 'later' : 'refused', line }
}

export class Handshake {
  constructor(
    private readonly engine: Engine,
    private readonly conversation: Conversation,
  ) {}

  /** Rejects with what stands in the way. */
  async begin(): Promise<void> {
    await this.ping()
    await this.authenticate()
    await this.introduce()
  }

  /** Asks to go on from where we are. `lead`: the master is a replica of ours, which is to take over. */
  async ask(master: Master, lead: boolean): Promise<SyncAnswer> {
    const { log } = this.engine
    if (master.stream === null) {
      log.notice('Partial resynchronization not possible (no cached master)')
      return readSyncAnswer(await this.conversation.ask('PSYNC', '?', '-1'), false)
    }
    const { replid } = master.history
    const next = `${master.offset + 1}`
    log.notice(`Trying a partial resynchronization (request ${replid}:${next}).`)
    const failover = lead ? ['FAILOVER'] : []
    return readSyncAnswer(await this.conversation.ask('PSYNC', replid, next, ...failover), true)
  }

  private async ping(): Promise<void> {
    const answer = await this.conversation.ask('PING')
    const wantsPassword = /^-(NOAUTH|NOPERM|ERR operation not permitted)/.test(answer)
    if (!answer.startsWith('+') && !wantsPassword)
      throw new Error(`Error reply to PING from master: '${answer}'`)
    this.engine.log.notice('Master replied to PING, replication can continue...')
  }

  private async authenticate(): Promise<void> {
    const { masteruser, masterauth } = this.engine.config.values
    if (masterauth === '') return
    const user = masteruser === '' ? [] : [masteruser]
    const answer = await this.conversation.ask('AUTH', ...user, masterauth)
    if (answer.startsWith('-')) throw new Error(`Unable to AUTH to MASTER: ${answer}`)
  }

  /** A master that does not know one of these can do without. */
  private async introduce(): Promise<void> {
    const { replicaAnnouncePort, replicaAnnounceIp, port } = this.engine.config.values
    await this.configure('listening-port', String(replicaAnnouncePort || port))
    if (replicaAnnounceIp !== '') await this.configure('ip-address', replicaAnnounceIp)
    await this.configure('capa', 'eof', 'capa', 'psync2')
    await this.configure('version', REDIS_VERSION)
  }

  private async configure(...words: readonly string[]): Promise<void> {
    const answer = await this.conversation.ask('REPLCONF', ...words)
    if (!answer.startsWith('-')) return
    this.engine.log.notice(`(Non critical) Master does not understand REPLCONF ${words[0]}: ${answer}`)
  }
}
