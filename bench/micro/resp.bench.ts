import { Mem, Span } from '../../server/lib/bytes.js'
import { ChunkPool } from '../../server/resp/chunks.js'
import { HEADROOM, RequestParser } from '../../server/resp/parser.js'
import { ReplyWriter } from '../../server/resp/reply.js'
import type { Micro } from './micro.js'

/** The parser, per request of a read of 64, and the writer, per reply. */
const REQUESTS = 64

export default function register(micro: Micro): void {
  parse(micro, 'parse GET', '*2\r\n$3\r\nGET\r\n$16\r\nkey:000000012345\r\n')
  parse(micro, 'parse SET', '*3\r\n$3\r\nSET\r\n$16\r\nkey:000000012345\r\n$3\r\nVXK\r\n')
  parse(micro, 'parse an inline PING', 'PING\r\n')
  const reply = new ReplyWriter(new ChunkPool())
  const value = Span.of('x'.repeat(16))
  write(micro, 'write OK', reply, () => reply.ok())
  write(micro, 'write an integer', reply, () => reply.int(12345))
  write(micro, 'write 16 bytes', reply, () => reply.bulk(value))
  write(micro, 'write null', reply, () => reply.null())
  write(micro, 'write a double', reply, () => reply.double(3.25))
}

function parse(micro: Micro, name: string, request: string): void {
  const bytes = Buffer.from(request.repeat(REQUESTS))
  const mem = Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes]))
  const parser = new RequestParser(() => ({ maxBulk: 512 << 20, authenticated: true }))
  micro(name, iterations => {
    let words = 0
    for (let done = 0; done < iterations; done += REQUESTS) {
      parser.feed(mem, HEADROOM, bytes.length)
      while (parser.next()) words += parser.request.count
      parser.park()
    }
    return words
  })
}

function write(micro: Micro, name: string, reply: ReplyWriter, work: () => void): void {
  micro(name, iterations => {
    for (let i = 0; i < iterations; i++) {
      work()
      if (reply.length > 8192) reply.discard()
    }
    return reply.length
  })
}
