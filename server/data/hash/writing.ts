import type { Span } from '../../lib/bytes.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { NO_TIME } from './field-entry.js'
import type { TableForm } from './table-form.js'

/** What comes before a table's fields: where some have times, the earliest; then how many there are. */
export function writeTableHead(table: TableForm, root: number, writer: ValueWriter): void {
  if (table.isTimed(root)) writer.int64(table.earliest(root))
  writer.size(table.size(root))
}

/**
 * Writes fields, each as two strings, and where some have times, behind the distance of its time from the earliest, plus
 * one; 0 is no time.
 */
export function fieldWriter(
  timed: boolean,
  earliest: number,
): (writer: ValueWriter, field: Span, value: Span, time: number) => void {
  return (writer, field, value, time) => {
    if (timed) writer.size(time === NO_TIME ? 0 : time - earliest + 1)
    writer.string(field)
    writer.string(value)
  }
}

export function writeTable(table: TableForm, root: number, writer: ValueWriter): void {
  const write = fieldWriter(table.isTimed(root), table.earliest(root))
  writeTableHead(table, root, writer)
  table.walkAll(root, (field, value, time) => {
    write(writer, field, value, time)
  })
}
