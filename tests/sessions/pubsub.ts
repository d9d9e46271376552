import { by, error, next, nothing, type SessionTable, table, unordered } from '../support/session.js'
import { Push } from '../support/reply.js'

const push = (...items: ConstructorParameters<typeof Push>[0]): Push => new Push(items)
const onlyIn = (command: string) =>
  error(
    `ERR Can't execute '${command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in ` +
      'this context',
  )

export const pubsub: readonly SessionTable[] = [
  table('SUBSCRIBE answers each channel, and messages follow', [
    ['SUBSCRIBE news sport', ['subscribe', 'news', 1]],
    [next(), ['subscribe', 'sport', 2]],
    ['SUBSCRIBE news', ['subscribe', 'news', 2]],
    [by('b', 'PUBLISH news hello'), 1],
    [next(), ['message', 'news', 'hello']],
    [by('b', 'PUBLISH weather hello'), 0],
    ['UNSUBSCRIBE news', ['unsubscribe', 'news', 1]],
    [by('b', 'PUBLISH news again'), 0],
    ['UNSUBSCRIBE', ['unsubscribe', 'sport', 0]],
    ['UNSUBSCRIBE', ['unsubscribe', null, 0]],
    ['UNSUBSCRIBE unknown', ['unsubscribe', 'unknown', 0]],
    ['PUNSUBSCRIBE', ['punsubscribe', null, 0]],
    ['SUNSUBSCRIBE', ['sunsubscribe', null, 0]],
    ['GET free', null],
    ['SUBSCRIBE', error("ERR wrong number of arguments for 'subscribe' command")],
  ]),

  table('PSUBSCRIBE listens to matching channels', [
    ['PSUBSCRIBE foo.* bar.?', ['psubscribe', 'foo.*', 1]],
    [next(), ['psubscribe', 'bar.?', 2]],
    [by('b', 'PUBLISH foo.1 hello'), 1],
    [next(), ['pmessage', 'foo.*', 'foo.1', 'hello']],
    [by('b', 'PUBLISH bar.12 hello'), 0],
    ['SUBSCRIBE foo.1', ['subscribe', 'foo.1', 3]],
    [by('b', 'PUBLISH foo.1 twice'), 2],
    [next(), ['message', 'foo.1', 'twice']],
    [next(), ['pmessage', 'foo.*', 'foo.1', 'twice']],
    ['PUNSUBSCRIBE foo.*', ['punsubscribe', 'foo.*', 2]],
    [by('b', 'PUBLISH foo.2 hello'), 0],
    ['PUNSUBSCRIBE', ['punsubscribe', 'bar.?', 1]],
  ]),

  table('shard channels are a world of their own', [
    ['SSUBSCRIBE orders', ['ssubscribe', 'orders', 1]],
    [by('c', 'PSUBSCRIBE *'), ['psubscribe', '*', 1]],
    [by('b', 'PUBLISH orders plain'), 1],
    [next('c'), ['pmessage', '*', 'orders', 'plain']],
    [by('b', 'SPUBLISH orders sharded'), 1],
    [next(), ['smessage', 'orders', 'sharded']],
    ['SUBSCRIBE other', ['subscribe', 'other', 1]],
    [by('b', 'PUBSUB SHARDCHANNELS'), ['orders']],
    [by('b', 'PUBSUB SHARDNUMSUB orders other'), ['orders', 1, 'other', 0]],
    ['SUNSUBSCRIBE', ['sunsubscribe', 'orders', 0]],
    [by('b', 'SPUBLISH orders gone'), 0],
  ]),

  table('a RESP2 client that subscribes may do little else', [
    ['SUBSCRIBE news', ['subscribe', 'news', 1]],
    ['GET key', onlyIn('get')],
    ['PUBLISH news hello', onlyIn('publish')],
    ['PING', ['pong', '']],
    ['PING hello', ['pong', 'hello']],
    ['UNSUBSCRIBE', ['unsubscribe', 'news', 0]],
    ['PING', 'PONG'],
    ['SSUBSCRIBE orders', ['ssubscribe', 'orders', 1]],
    ['GET key', onlyIn('get')],
    ['RESET', 'RESET'],
    ['GET key', null],
    [by('b', 'PUBSUB SHARDCHANNELS'), []],
  ]),

  table(
    'a RESP3 client gets pushes, and goes on with its work',
    [
      ['SUBSCRIBE news', push('subscribe', 'news', 1)],
      ['PSUBSCRIBE n*', push('psubscribe', 'n*', 2)],
      ['SET key value', 'OK'],
      [by('b', 'PUBLISH news hello'), 2],
      [next(), push('message', 'news', 'hello')],
      [next(), push('pmessage', 'n*', 'news', 'hello')],
      ['PING', 'PONG'],
      ['UNSUBSCRIBE', push('unsubscribe', 'news', 1)],
      ['UNSUBSCRIBE', push('unsubscribe', null, 1)],
    ],
    { resp: 3 },
  ),

  table(
    'PUBLISH to oneself: the reply first, then the message',
    [
      ['SUBSCRIBE news', push('subscribe', 'news', 1)],
      ['PUBLISH news hello', 1],
      [next(), push('message', 'news', 'hello')],
      ['MULTI', 'OK'],
      ['PUBLISH news one', 'QUEUED'],
      ['SET key value', 'QUEUED'],
      ['EXEC', [1, 'OK']],
      [next(), push('message', 'news', 'one')],
    ],
    { resp: 3, since: '7.2' },
  ),

  table('SUBSCRIBE in a transaction', [
    ['MULTI', 'OK'],
    ['SUBSCRIBE news', 'QUEUED'],
    ['EXEC', [['subscribe', 'news', 1]]],
    [by('b', 'PUBLISH news hello'), 1],
    [next(), ['message', 'news', 'hello']],
  ]),

  table('PUBSUB', [
    ['SUBSCRIBE news sport', ['subscribe', 'news', 1]],
    [next(), ['subscribe', 'sport', 2]],
    [by('c', 'SUBSCRIBE news'), ['subscribe', 'news', 1]],
    [by('c', 'PSUBSCRIBE a* b*'), ['psubscribe', 'a*', 2]],
    [next('c'), ['psubscribe', 'b*', 3]],
    [by('d', 'PSUBSCRIBE a*'), ['psubscribe', 'a*', 1]],
    [by('b', 'PUBSUB CHANNELS'), unordered('news', 'sport')],
    [by('b', 'PUBSUB CHANNELS n*'), ['news']],
    [by('b', 'PUBSUB NUMSUB'), []],
    [by('b', 'PUBSUB NUMSUB news other'), ['news', 2, 'other', 0]],
    [by('b', 'PUBSUB NUMPAT'), 2],
    [by('b', 'PUBSUB SHARDCHANNELS'), []],
    [by('b', 'PUBSUB NUMPAT x'), error("ERR wrong number of arguments for 'pubsub|numpat' command")],
    [by('b', 'PUBSUB MOOD'), error("ERR unknown subcommand 'MOOD'. Try PUBSUB HELP.")],
    [by('b', 'PUBSUB'), error("ERR wrong number of arguments for 'pubsub' command")],
  ]),

  table('channels, patterns and messages are bytes', [
    [
      ['SUBSCRIBE', Buffer.from([0, 255, 13, 10])],
      ['subscribe', '\0\xff\r\n', 1],
    ],
    [
      ['PSUBSCRIBE', Buffer.from([0, 42])],
      ['psubscribe', '\0*', 2],
    ],
    [by('b', ['PUBLISH', Buffer.from([0, 255, 13, 10]), Buffer.from([128, 0])]), 2],
    [next(), ['message', '\0\xff\r\n', '\x80\0']],
    [next(), ['pmessage', '\0*', '\0\xff\r\n', '\x80\0']],
  ]),

  table(
    'CLIENT REPLY silences replies, not messages',
    [
      ['CLIENT REPLY OFF', nothing],
      ['PING', nothing],
      ['SUBSCRIBE news', push('subscribe', 'news', 1)],
      [by('b', 'PUBLISH news hello'), 1],
      [next(), push('message', 'news', 'hello')],
      ['UNSUBSCRIBE news', push('unsubscribe', 'news', 0)],
      ['CLIENT REPLY ON', 'OK'],
    ],
    { resp: 3 },
  ),
]
