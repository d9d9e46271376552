import { crc64 } from '../../../../server/lib/crc64.js'

/** Payloads of RESTORE made by hand. */

/** `hi`, 1, as Redis 7.0 packs them. */
export const LISTPACK = Buffer.from([13, 0, 0, 0, 2, 0, 0x82, 104, 105, 3, 1, 1, 0xff])

/** Every encoding there was. */
export function oldZiplist(): Buffer {
  const long = Buffer.alloc(300, 'l')
  const entries = [
    Buffer.from([2, 104, 105]),
    Buffer.concat([Buffer.from([0x40 | (300 >> 8), 300 & 255]), long]),
    Buffer.concat([Buffer.from([0x80, 0, 0, 0, 4]), Buffer.from('wide')]),
    Buffer.from([0xc0, 0x34, 0xf2]),
    Buffer.from([0xd0, 1, 2, 3, 0x84]),
    Buffer.from([0xe0, 1, 2, 3, 4, 5, 6, 7, 0x88]),
    Buffer.from([0xf0, 1, 2, 0x83]),
    Buffer.from([0xfe, 0x80]),
    Buffer.from([0xf1]),
    Buffer.from([0xfd]),
  ]
  const parts: Buffer[] = []
  let before = 0
  for (const entry of entries) {
    const previous =
      before < 254 ? Buffer.from([before]) : Buffer.from([254, before & 255, before >> 8, 0, 0])
    parts.push(previous, entry)
    before = previous.length + entry.length
  }
  const head = Buffer.alloc(10)
  const all = Buffer.concat([head, ...parts, Buffer.from([0xff])])
  all.writeUInt32LE(all.length, 0)
  all.writeUInt32LE(all.length - 1 - before, 4)
  all.writeUInt16LE(entries.length, 8)
  return all
}

/** As RDB writes a string of 64 bytes or more. */
export function string(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x40 | (bytes.length >> 8), bytes.length & 255]), bytes])
}

/** A payload of RDB version 10. */
export function sealed(value: Buffer): Buffer {
  const payload = Buffer.concat([value, Buffer.from([10, 0]), Buffer.alloc(8)])
  payload.writeBigUInt64LE(crc64(payload, 0, payload.length - 8), payload.length - 8)
  return payload
}
