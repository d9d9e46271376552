import { connect } from 'node:net'

/**
 * Replicas that hold nothing: `replica-process PORT COUNT`. They connect, and when they are told so ask for a full
 * synchronization, throw away what comes, and say once a second how far they are. So they cost the machine as little as a
 * replica can, and what is measured is the master. Tells its parent when all of them are connected, and when all of
 * them have got the snapshot.
 */

const [port, count] = process.argv.slice(2).map(Number)
const MARK_DIGITS = 40
const ACK_MS = 1000

let unconnected = count
let missing = count

function follow(): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let head = ''
  let mark: Buffer | null = null
  let offset = 0
  /** What may be the beginning of the mark. */
  let tail = Buffer.alloc(0)

  socket.write('REPLCONF capa eof capa psync2\r\n')
  socket.once('data', () => {
    socket.on('data', read)
    process.once('message', () => socket.write('PSYNC ? -1\r\n'))
    if (--unconnected === 0) process.send!('connected')
  })

  function read(bytes: Buffer): void {
    if (mark === null) begin(bytes)
    else pass(bytes, mark)
  }

  function begin(bytes: Buffer): void {
    head += bytes.toString('latin1')
    const found = /\+FULLRESYNC \w+ (\d+)\r\n\s*\$EOF:(\w{40})\r\n/.exec(head)
    if (found === null) return
    offset = Number(found[1])
    mark = Buffer.from(found[2], 'latin1')
    pass(Buffer.from(head.slice(found.index + found[0].length), 'latin1'), mark)
  }

  /** The snapshot, until its mark; nothing comes behind that before we have spoken. */
  function pass(bytes: Buffer, end: Buffer): void {
    tail = Buffer.concat([tail.subarray(-MARK_DIGITS), bytes.subarray(-MARK_DIGITS)]).subarray(-MARK_DIGITS)
    if (!tail.equals(end)) return
    socket.off('data', read).on('data', stream => {
      offset += stream.length
    })
    acknowledge()
    setInterval(acknowledge, ACK_MS)
    if (--missing === 0) process.send!('synchronized')
  }

  function acknowledge(): void {
    socket.write(`REPLCONF ACK ${offset}\r\n`)
  }
}

for (let i = 0; i < count; i++) follow()
