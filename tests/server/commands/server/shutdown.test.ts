import { describe, expect, test } from 'vitest'
import type { ShutdownOptions } from '../../../../server/engine/engine.js'
import { ReplyError } from '../../../support/reply.js'
import { type TestEngine, testEngine } from '../../../support/engine.js'

/** A world whose end is in our hands. */
function ending(): {
  world: TestEngine
  asked: ShutdownOptions[]
  decide: (reason: string | null) => Promise<void>
} {
  const world = testEngine()
  const asked: ShutdownOptions[] = []
  let resolve: (reason: string | null) => void = () => undefined
  const promise = new Promise<string | null>(settle => (resolve = settle))
  world.engine.shutdown = options => {
    asked.push(options)
    return promise
  }
  const decide = async (reason: string | null): Promise<void> => {
    resolve(reason)
    await promise
  }
  return { world, asked, decide }
}

describe('SHUTDOWN', () => {
  test('asks for an end with the options given', () => {
    const { world, asked } = ending()
    world.client().send('SHUTDOWN NOSAVE NOW FORCE')
    expect(asked).toMatchObject([{ save: 'nosave', now: true, force: true }])
  })

  test('saves as the settings say unless told otherwise', () => {
    const { world, asked } = ending()
    world.client().send('SHUTDOWN')
    expect(asked).toMatchObject([{ save: 'default', now: false, force: false }])
  })

  test('is not answered: the connection ends', async () => {
    const { world, decide } = ending()
    const client = world.client()
    client.send('SHUTDOWN')
    await decide(null)
    expect(client.waiting).toBe(0)
    expect(client.session.closing).toBe(true)
  })

  test('that failed is answered, and the server goes on', async () => {
    const { world, decide } = ending()
    const client = world.client()
    client.send('SHUTDOWN')
    await decide('the disk is full')
    expect(client.receive().value).toEqual(new ReplyError('ERR Errors trying to SHUTDOWN. Check logs.'))
    expect(client.ask('PING')).toBe('PONG')
  })

  test('can be called off while it waits', () => {
    const world = testEngine()
    world.engine.abortShutdown = () => true
    expect(world.ask('SHUTDOWN ABORT')).toBe('OK')
  })
})
