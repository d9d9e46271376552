import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { testEngine } from './engine.js'
import { type Oracle, startOracle } from './oracle.js'
import { RawLink } from './raw-link.js'
import type { Received } from './reply.js'
import { type Line } from './request.js'
import {
  answer,
  by,
  describeRow,
  judge,
  Matcher,
  nothing,
  Pause,
  type Row,
  type SessionTable,
  Spoken,
} from './session.js'

/**
 * A session played to the oracle and to ours, line by line: both must answer what the table says, and where it says an
 * exact value, the same bytes. Ours lives in the present here, so that unix times mean the same to both.
 */

/** The oracle's clock cannot be turned: a table with longer pauses is not played to it. */
export const PAUSE_MAX_MS = 50

/** Why a table is not played to the oracle, or null. */
export function reasonToSkip(table: SessionTable): string | null {
  if (table.since !== undefined) return `since ${table.since}`
  if (table.differs !== undefined) return `differs: ${table.differs}`
  return pauseOf(table) > PAUSE_MAX_MS ? `takes ${pauseOf(table)} ms` : null
}

function pauseOf(table: SessionTable): number {
  return table.rows.reduce((sum, [said]) => sum + (said instanceof Pause ? said.ms : 0), 0)
}

/** Oracles by their configuration, started when first asked for. */
export class Oracles {
  private readonly started = new Map<string, Promise<Oracle>>()

  with(config: Readonly<Record<string, string>>): Promise<Oracle> {
    const args = Object.entries(config).flatMap(([name, value]) => [`--${name}`, value])
    const known = this.started.get(args.join(' '))
    if (known !== undefined) return known
    const oracle = startOracle(args)
    this.started.set(args.join(' '), oracle)
    return oracle
  }

  async stop(): Promise<void> {
    for (const oracle of this.started.values()) await (await oracle).stop()
  }
}

/** Plays a table to both. Rows that the oracle cannot know are left out on both sides. */
export async function rehearse(table: SessionTable, oracle: Oracle): Promise<void> {
  const { config = {}, resp = 2 } = table
  const world = testEngine({ config, nowMs: Date.now() })
  const theirs = new OracleClients(oracle.port, resp)
  try {
    await theirs.reset()
    for (const [said, expected, note] of table.rows) {
      if (note !== undefined) continue
      if (said instanceof Pause) {
        await sleep(said.ms)
        world.advance(said.ms)
        continue
      }
      const what = describeRow(said)
      const silent = expected === nothing
      const oracles = await theirs.answer(said, silent)
      judge(`redis-server, ${what}`, oracles, expected!)
      const ours = answer(world, said, resp, silent)
      judge(`ours, ${what}`, ours, expected!)
      if (!(expected instanceof Matcher)) expect(textOf(ours), what).toBe(textOf(oracles))
    }
  } finally {
    theirs.close()
  }
}

class OracleClients {
  private readonly links = new Map<string, RawLink>()

  constructor(
    private readonly port: number,
    private readonly resp: 2 | 3,
  ) {}

  async reset(): Promise<void> {
    const link = await RawLink.open(this.port)
    await link.ask('FLUSHALL')
    link.close()
  }

  async answer(said: Line | Spoken, silent: boolean): Promise<Received | null> {
    const { client, line } = said instanceof Spoken ? said : by('a', said)
    const link = await this.link(client)
    if (line !== null) link.send(line)
    if (!silent) return link.receive()
    // Nothing is to come: the oracle gets the time to have read the command before the next client speaks.
    await sleep(5)
    return null
  }

  close(): void {
    for (const link of this.links.values()) link.close()
  }

  private async link(name: string): Promise<RawLink> {
    const known = this.links.get(name)
    if (known !== undefined) return known
    const link = await RawLink.open(this.port)
    this.links.set(name, link)
    if (this.resp === 3) await link.ask('HELLO 3')
    return link
  }
}

function textOf(received: Received | null): string | undefined {
  return received?.bytes.toString('latin1')
}

/** How many rows of a table both are asked. */
export function sharedRows(rows: readonly Row[]): number {
  return rows.filter(([said, , note]) => !(said instanceof Pause) && note === undefined).length
}
