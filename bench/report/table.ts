/** A table of Markdown: the first `labels` columns are text, the others numbers and stand right. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  labels = 1,
): string {
  const rule = headings.map((_, column) => (column < labels ? '---' : '--:'))
  return [headings, rule, ...rows].map(line).join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
