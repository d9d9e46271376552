/** What COMMAND DOCS says of a command: redis-cli makes its hints of it. */

import type { ArgumentDoc } from '../../engine/grammar.js'
import type { TableEntry } from '../../engine/table.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** A field of a map: its name, and what writes its value. */
type Field = readonly [name: string, write: (reply: ReplyWriter) => void]

/** Name and documentation, as a pair of a map. */
export function replyDocs(reply: ReplyWriter, { command, name, subcommands }: TableEntry): void {
  const { does, since, group, complexity, deprecated } = command.options
  const keys = new KeyCounter(command.keySpecs.length)
  const fields: Field[] = [text('summary', does), text('since', since), text('group', group)]
  if (complexity !== undefined) fields.push(text('complexity', complexity))
  if (deprecated !== undefined) {
    fields.push(['doc_flags', out => replyFlags(out, ['deprecated'])])
    fields.push(text('deprecated_since', deprecated.since), text('replaced_by', deprecated.by))
  }
  if (command.docs.length > 0) fields.push(['arguments', out => replyArguments(out, command.docs, keys)])
  if (subcommands.size > 0)
    fields.push(['subcommands', out => replySubcommands(out, [...subcommands.values()])])
  reply.text(command.parent === null ? name : command.fullName)
  replyMap(reply, fields)
}

function replySubcommands(reply: ReplyWriter, subcommands: readonly TableEntry[]): void {
  reply.map(subcommands.length)
  for (const sub of subcommands) replyDocs(reply, sub)
}

function replyArguments(reply: ReplyWriter, docs: readonly ArgumentDoc[], keys: KeyCounter): void {
  reply.array(docs.length)
  for (const doc of docs) replyMap(reply, fieldsOf(doc, keys))
}

function fieldsOf(doc: ArgumentDoc, keys: KeyCounter): Field[] {
  const { name, type, token, optional, multiple, arguments: parts } = doc
  const fields: Field[] = [text('name', name), text('type', type)]
  const keySpec = type === 'key' ? (doc.keySpec ?? keys.next()) : null
  if (keySpec !== null) fields.push(['key_spec_index', reply => reply.int(keySpec)])
  if (token !== undefined) fields.push(text('token', token))
  const flags = [...(optional === true ? ['optional'] : []), ...(multiple === true ? ['multiple'] : [])]
  if (flags.length > 0) fields.push(['flags', reply => replyFlags(reply, flags)])
  if (parts !== undefined) fields.push(['arguments', reply => replyArguments(reply, parts, keys)])
  return fields
}

/** Key arguments and key specs come in the same order. */
class KeyCounter {
  private at = 0

  constructor(private readonly specs: number) {}

  next(): number | null {
    return this.at < this.specs ? this.at++ : null
  }
}

function text(name: string, value: string): Field {
  return [name, reply => reply.text(value)]
}

function replyMap(reply: ReplyWriter, fields: readonly Field[]): void {
  reply.map(fields.length)
  for (const [name, write] of fields) {
    reply.text(name)
    write(reply)
  }
}

function replyFlags(reply: ReplyWriter, flags: readonly string[]): void {
  reply.set(flags.length)
  for (const flag of flags) reply.simple(flag)
}
