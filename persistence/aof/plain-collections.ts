/** How lists, sets, sorted sets and hashes are retold: see plain-value.ts. What is read is what the types write. */

import type { ValueReader } from '../../server/data/serial/value-reader.js'
import type { Span } from '../../server/lib/bytes.js'
import { formatDouble } from '../../server/lib/double.js'
import { Element } from '../../server/memory/element.js'
import { intsetLength, readMember } from '../../server/memory/intset.js'
import { ListpackCursor } from '../../server/memory/listpack-cursor.js'
import type { KeyWriter } from './command-writer.js'
import type { Retelling } from './plain-value.js'

/** A node of a list that is one element; the others are listpacks. */
const PLAIN_NODE = 1

export function* retellList(value: ValueReader, to: KeyWriter): Retelling {
  for (let nodes = value.size(); nodes > 0; nodes--) {
    yield
    const plain = value.size() === PLAIN_NODE
    const content = value.string()
    if (plain) to.add('RPUSH', content)
    else eachElement(content, element => to.add('RPUSH', element))
  }
}

export function* retellSet(value: ValueReader, to: KeyWriter): Retelling {
  for (let members = value.size(); members > 0; members--) {
    yield
    to.add('SADD', value.string())
  }
}

export function* retellIntset(value: ValueReader, to: KeyWriter): Retelling {
  yield
  const { mem, start } = value.string()
  const member = new Element()
  for (let index = 0; index < intsetLength(mem, start); index++) {
    to.add('SADD', readMember(mem, start, index, member).span())
  }
}

export function* retellSortedSet(value: ValueReader, to: KeyWriter): Retelling {
  for (let members = value.size(); members > 0; members--) {
    yield
    const member = value.string()
    to.add('ZADD', formatDouble(value.double()), member)
  }
}

export function* retellPackedSortedSet(value: ValueReader, to: KeyWriter): Retelling {
  yield
  eachPair(value.string(), (member, score) => to.add('ZADD', score, member))
}

export function* retellHash(value: ValueReader, to: KeyWriter): Retelling {
  for (let fields = value.size(); fields > 0; fields--) {
    yield
    addField(value, to)
  }
}

export function* retellPackedHash(value: ValueReader, to: KeyWriter): Retelling {
  yield
  eachPair(value.string(), (field, content) => to.add('HMSET', field, content))
}

/** Each field is preceded by the distance of its time from the earliest, plus one; 0 is none. */
export function* retellTimedHash(value: ValueReader, to: KeyWriter): Retelling {
  const earliest = Number(value.int64())
  for (let fields = value.size(); fields > 0; fields--) {
    yield
    const distance = Number(value.wideSize())
    const field = addField(value, to)
    if (distance > 0) to.follow('HPEXPIREAT', `${earliest + distance - 1}`, 'FIELDS', '1', field)
  }
}

/** The next read may take the bytes of the last: the field is copied. */
function addField(value: ValueReader, to: KeyWriter): Span {
  const field = value.string().clone()
  to.add('HMSET', field, value.string())
  return field
}

function eachElement({ mem, start }: Span, visit: (element: Span) => void): void {
  const cursor = new ListpackCursor()
  for (let more = cursor.first(mem, start); more; more = cursor.next()) visit(cursor.element.span())
}

function eachPair(packed: Span, visit: (first: Span, second: Span) => void): void {
  let first: Span | null = null
  eachElement(packed, element => {
    if (first !== null) visit(first, element)
    first = first === null ? element.clone() : null
  })
}
