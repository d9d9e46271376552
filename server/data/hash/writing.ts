import type { Span } from '../../lib/bytes.js'
import type { WriterSeat } from '../serial/pieces.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { NO_TIME } from './field-entry.js'
import type { TableForm } from './table-form.js'

/** What comes before a table's fields: where some have times, the earliest; then how many there are. */
export function writeTableHead(table: TableForm, root: number, writer: ValueWriter): void {
  if (table.isTimed(root)) writer.int64(table.earliest(root))
  writer.size(table.size(root))
}

export function writeTable(table: TableForm, root: number, writer: ValueWriter): void {
  const write = fieldWriter(table, root)
  writeTableHead(table, root, writer)
  table.walkAll(root, (field, value, time) => {
    write(writer, field, value, time)
  })
}

/** What writes the fields of a region: see RegionSaves. */
export function regionWriter(
  table: TableForm,
  root: number,
  seat: WriterSeat,
): (region: number, regions: number) => void {
  const write = fieldWriter(table, root)
  return (region, regions) => {
    table.walkRegion(root, region, regions, (field, value, time) => {
      write(seat.writer, field, value, time)
    })
  }
}

/**
 * A field is two strings; where some have times now, behind the distance of its time from the earliest, plus one, or 0 for
 * no time.
 */
function fieldWriter(
  table: TableForm,
  root: number,
): (writer: ValueWriter, field: Span, value: Span, time: number) => void {
  const timed = table.isTimed(root)
  const earliest = table.earliest(root)
  return (writer, field, value, time) => {
    if (timed) writer.size(time === NO_TIME ? 0 : time - earliest + 1)
    writer.string(field)
    writer.string(value)
  }
}
