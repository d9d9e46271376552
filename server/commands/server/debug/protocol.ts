/** DEBUG PROTOCOL: a reply of every type, for those who write clients. */

import type { Context } from '../../../engine/context.js'
import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import { NOT_A_PROTOCOL_TYPE, PUSH_NEEDS_RESP3 } from '../../../resp/errors.js'
import type { ReplyWriter } from '../../../resp/reply.js'

const ELEMENTS = [0, 1, 2]

const BY_TYPE: Readonly<Record<string, (reply: ReplyWriter) => void>> = {
  string: reply => reply.text('Hello World'),
  integer: reply => reply.int(12345),
  double: reply => reply.double(3.141),
  bignum: reply => reply.bigNumber('1234567999999999999999999999999999999'),
  null: reply => reply.null(),
  array(reply) {
    reply.array(ELEMENTS.length)
    for (const element of ELEMENTS) reply.int(element)
  },
  set(reply) {
    reply.set(ELEMENTS.length)
    for (const element of ELEMENTS) reply.int(element)
  },
  map(reply) {
    reply.map(ELEMENTS.length)
    for (const element of ELEMENTS) {
      reply.int(element)
      reply.bool(element === 1)
    }
  },
  attrib(reply) {
    if (reply.protocol === 3) writeAttribute(reply)
    reply.text('Some real reply following the attribute')
  },
  push(reply) {
    if (reply.protocol === 2) throw PUSH_NEEDS_RESP3
    reply.push(2)
    reply.text('server-cpu-usage')
    reply.int(42)
    reply.text('Some real reply following the push reply')
  },
  verbatim: reply => reply.verbatim('txt', 'This is a verbatim\nstring'),
  true: reply => reply.bool(true),
  false: reply => reply.bool(false),
}

export const protocol: DebugSubcommand = {
  name: 'protocol',
  syntax: '<type>',
  does: `Answers with a reply of a type: ${Object.keys(BY_TYPE).join(', ')}.`,
  words: [1, 1],
  run({ reply }: Context, [type]) {
    const write = BY_TYPE[type.toLowerCase()]
    if (write === undefined) throw NOT_A_PROTOCOL_TYPE
    write(reply)
  },
}

/** Attributes go before the reply they belong to. */
function writeAttribute(reply: ReplyWriter): void {
  reply.raw('|1\r\n')
  reply.text('key-popularity')
  reply.array(2)
  reply.text('key:123')
  reply.int(90)
}
