import type { ValueWriter } from '../serial/value-writer.js'
import { NO_TIME } from './field-entry.js'
import type { TableForm } from './table-form.js'

/**
 * Writes a table's fields: each as two strings, and where some have times, behind the distance of its time from the
 * earliest, plus one; 0 is no time.
 */
export function writeTable(table: TableForm, root: number, writer: ValueWriter): void {
  const timed = table.isTimed(root)
  const earliest = table.earliest(root)
  if (timed) writer.int64(earliest)
  writer.size(table.size(root))
  table.walkAll(root, (field, value, time) => {
    if (timed) writer.size(time === NO_TIME ? 0 : time - earliest + 1)
    writer.string(field)
    writer.string(value)
  })
}
