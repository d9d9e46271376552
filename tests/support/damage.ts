import type { Random } from '../../server/lib/random.js'

/** Bytes that lengths, counts and ends are made of. */
const TELLING = [0, 1, 2, 0x0a, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc3, 0xe0, 0xf0, 0xf4, 0xfe, 0xff]
/** Version and checksum. */
const FOOTER = 10

/** A payload with some of its bytes changed, taken out or put in; without a checksum, so that this is not found out. */
export function damaged(payload: Buffer, random: Random): Buffer {
  let body: Buffer = Buffer.from(payload.subarray(0, -FOOTER))
  for (let hits = 1 + random.below(4); hits > 0; hits--) body = struck(body, random)
  return Buffer.concat([body, payload.subarray(-FOOTER, -8), Buffer.alloc(8)])
}

/** The type is struck least often: most other types refuse the bytes at once. */
function struck(body: Buffer, random: Random): Buffer {
  const at = random.below(20) === 0 ? 0 : 1 + random.below(Math.max(1, body.length - 1))
  const byte = random.below(2) === 0 ? TELLING[random.below(TELLING.length)] : random.below(256)
  switch (random.below(8)) {
    case 0:
      return body.subarray(0, Math.max(1, at))
    case 1:
      return Buffer.concat([body.subarray(0, at), Buffer.of(byte), body.subarray(at)])
    case 2:
      return Buffer.concat([body.subarray(0, at), body.subarray(at + 1)])
    case 3: {
      const from = random.below(body.length)
      const piece = body.subarray(from, from + 1 + random.below(16))
      return Buffer.concat([body.subarray(0, at), piece, body.subarray(at + piece.length)])
    }
    case 4:
      body[Math.min(at, body.length - 1)] ^= 1 << random.below(8)
      return body
    case 5:
      body[Math.min(at, body.length - 1)] += random.below(2) === 0 ? 1 : 255
      return body
    default:
      body[Math.min(at, body.length - 1)] = byte
      return body
  }
}
