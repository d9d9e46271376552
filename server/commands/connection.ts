import { command } from '../engine/command.js'
import { bytes, optional } from '../engine/grammar.js'

export const ping = command('PING', {
  does: 'Answers PONG, or the message given.',
  since: '1.0.0',
  group: 'connection',
  flags: ['fast'],
  args: { message: optional(bytes()) },
  run(ctx, { message }) {
    if (message === null) ctx.reply.simple('PONG')
    else ctx.reply.bulk(message)
  },
})
export const connectionCommands = [ping] as const
