import { expect, test } from 'vitest'
import { Conversation, LinkEnded } from '../../replication/conversation.js'
import { readSyncAnswer } from '../../replication/handshake.js'
import { intakeForm } from '../../replication/intake.js'
import { Transfer, TransferStream } from '../../replication/transfer.js'
import { Mem } from '../../server/lib/bytes.js'

const MARK = 'm'.repeat(40)

/** A conversation that hears `text` in pieces of so many bytes. */
function hearing(text: string, pieceBytes = Infinity): Conversation {
  const conversation = new Conversation(
    () => undefined,
    () => undefined,
  )
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
    const piece = bytes.subarray(at, at + pieceBytes)
    conversation.hear(Mem.copyOf(piece), 0, piece.length)
  }
  return conversation
}

async function readAll(transfer: Transfer): Promise<string> {
  let text = ''
  for (let piece = await transfer.next(); piece !== null; piece = await transfer.next())
    text += piece.toString('latin1')
  return text
}

test.each([1, 3, 39, 40, 41, 1000])('a snapshot of known length ends there, read by %i', async pieceBytes => {
  const conversation = hearing(`${'x'.repeat(100)}+stream`, pieceBytes)
  const transfer = new Transfer(conversation, '100')
  expect(await readAll(transfer)).toBe('x'.repeat(100))
  expect([transfer.totalBytes, transfer.readBytes]).toEqual([100, 100])
  expect(conversation.rest().toString()).toBe('+stream')
})

test.each([1, 3, 39, 40, 41, 139])('a snapshot with a mark ends before it, read by %i', async pieceBytes => {
  const transfer = new Transfer(hearing(`${'x'.repeat(99)}${MARK}`, pieceBytes), `EOF:${MARK}`)
  expect(await readAll(transfer)).toBe('x'.repeat(99))
  expect(transfer.totalBytes).toBe(-1)
})

test.each(['many', '-5', '', '1e9', '0x10', 'EOF:short', `EOF:${MARK}m`])(
  'an announcement that is neither a length nor a mark is refused: %s',
  line => {
    expect(() => new Transfer(hearing(''), line)).toThrow('Bad protocol')
  },
)

test('a mark that is another one is noticed at once', async () => {
  const stream = new TransferStream(new Transfer(hearing(`ab${'x'.repeat(40)}`), `EOF:${MARK}`))
  expect(await stream.read(new Uint8Array(2))).toBe(2)
  await expect(stream.finish()).rejects.toThrow('EOF marker')
})

test('a line that never ends is not waited for', async () => {
  await expect(hearing('x'.repeat(100_000), 10_000).line()).rejects.toThrow('a line without an end')
})

test('who reads a snapshot hears when the link ends', async () => {
  const conversation = hearing('xx')
  const transfer = new Transfer(conversation, '100')
  await transfer.next()
  const next = transfer.next()
  conversation.end()
  await expect(next).rejects.toThrow(LinkEnded)
})

test('bytes between the end of a snapshot and its mark are an error', async () => {
  const stream = new TransferStream(new Transfer(hearing(`abcd${MARK}`), `EOF:${MARK}`))
  const into = new Uint8Array(2)
  expect(await stream.read(into)).toBe(2)
  await expect(stream.finish()).rejects.toThrow('EOF marker')
})

test('lines are read however they come; empty ones are signs of life', async () => {
  const conversation = hearing('\n\n+OK\r\n\n+PONG\r\nrest', 2)
  expect([await conversation.line(), await conversation.line()]).toEqual(['+OK', '+PONG'])
  expect(conversation.rest().toString()).toBe('rest')
})

test('with too much unread no more is wanted, until it is read', async () => {
  const flow: boolean[] = []
  const conversation = new Conversation(
    () => undefined,
    wanted => flow.push(wanted),
  )
  const mem = Mem.ofSize(9 << 20)
  conversation.hear(mem, 0, mem.length)
  expect(flow).toEqual([false])
  await conversation.bytes()
  expect(flow).toEqual([false, true])
})

test.each([
  ['disabled', 0, 'file'],
  ['on-empty-db', 0, 'direct'],
  ['on-empty-db', 1, 'file'],
  ['flushdb', 1, 'direct'],
  ['swapdb', 0, 'aside'],
  ['swapdb', 1, 'aside'],
] as const)('repl-diskless-load %s with %i keys: %s', (mode, keys, form) => {
  expect(intakeForm(mode, keys)).toBe(form)
})

const REPLID = 'b'.repeat(40)

test.each([
  [`+CONTINUE ${REPLID}`, { kind: 'continue', replid: REPLID }],
  ['+CONTINUE', { kind: 'continue', replid: '' }],
  [`+FULLRESYNC ${REPLID} 17`, { kind: 'full', replid: REPLID, offset: 17 }],
  [`+FULLRESYNC ${REPLID} -1`, { kind: 'refused', line: `+FULLRESYNC ${REPLID} -1` }],
  [`+FULLRESYNC ${REPLID} 1e99`, { kind: 'refused', line: `+FULLRESYNC ${REPLID} 1e99` }],
  [`+FULLRESYNC ${REPLID}`, { kind: 'refused', line: `+FULLRESYNC ${REPLID}` }],
  ['+CONTINUE nobody', { kind: 'continue', replid: '' }],
  ['+FULLRESYNC ?', { kind: 'refused', line: '+FULLRESYNC ?' }],
  ['-LOADING Redis is loading', { kind: 'later', line: '-LOADING Redis is loading' }],
  ["-NOMASTERLINK Can't SYNC", { kind: 'later', line: "-NOMASTERLINK Can't SYNC" }],
  ['-ERR unknown command', { kind: 'refused', line: '-ERR unknown command' }],
])('the answer %s to PSYNC', (line, answer) => {
  expect(readSyncAnswer(line, true)).toEqual(answer)
})

test('who has nothing to go on from is not told to go on', () => {
  expect(readSyncAnswer('+CONTINUE', false)).toEqual({ kind: 'refused', line: '+CONTINUE' })
})
