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
    if (plain) add(to, 'RPUSH', content)
    else eachElement(content, element => add(to, 'RPUSH', element))
  }
}

export function* retellSet(value: ValueReader, to: KeyWriter): Retelling {
  for (let members = value.size(); members > 0; members--) {
    yield
    add(to, 'SADD', value.string())
  }
}

export function* retellIntset(value: ValueReader, to: KeyWriter): Retelling {
  yield
  const { mem, start } = value.string()
  const member = new Element()
  for (let index = 0; index < intsetLength(mem, start); index++) {
    add(to, 'SADD', readMember(mem, start, index, member).span())
  }
}

export function* retellSortedSet(value: ValueReader, to: KeyWriter): Retelling {
  for (let members = value.size(); members > 0; members--) {
    yield
    const member = value.string()
    to.gather(formatDouble(value.double()))
    add(to, 'ZADD', member)
  }
}

/** Each member is followed by its score. */
export function* retellPackedSortedSet(value: ValueReader, to: KeyWriter): Retelling {
  yield
  const { mem, start } = value.string()
  const member = new ListpackCursor()
  const score = new ListpackCursor()
  for (let more = member.first(mem, start); more; more = member.next()) {
    score.enter(mem, start, member.at)
    score.next()
    to.gather(score.element.span())
    add(to, 'ZADD', member.element.span())
    member.enter(mem, start, score.at)
  }
}

export function* retellHash(value: ValueReader, to: KeyWriter): Retelling {
  for (let fields = value.size(); fields > 0; fields--) {
    yield
    to.gather(value.string())
    add(to, 'HMSET', value.string())
  }
}

/** Each field is followed by its value. */
export function* retellPackedHash(value: ValueReader, to: KeyWriter): Retelling {
  yield
  let isField = true
  eachElement(value.string(), element => {
    if (isField) to.gather(element)
    else add(to, 'HMSET', element)
    isField = !isField
  })
}

/** Each field is preceded by the distance of its time from the earliest, plus one; 0 is none. */
export function* retellTimedHash(value: ValueReader, to: KeyWriter): Retelling {
  const earliest = Number(value.int64())
  for (let fields = value.size(); fields > 0; fields--) {
    yield
    const distance = Number(value.wideSize())
    const field = value.string()
    // The next read may take its bytes.
    const kept = distance > 0 ? field.clone() : null
    to.gather(field)
    add(to, 'HMSET', value.string())
    if (kept !== null) to.follow('HPEXPIREAT', earliest + distance - 1, 'FIELDS', '1', kept)
  }
}

function add(to: KeyWriter, adder: string, last: Span): void {
  to.gather(last)
  to.add(adder)
}

function eachElement({ mem, start }: Span, visit: (element: Span) => void): void {
  const cursor = new ListpackCursor()
  for (let more = cursor.first(mem, start); more; more = cursor.next()) visit(cursor.element.span())
}
