/** Text for people. */

/**
 * Rows of cells as aligned lines, below a rule the first; cells that begin with a digit are numbers, aligned to the right.
 *
 * @param {string[][]} rows
 */
export function columns([heading, ...rows]) {
  const widths = heading.map((_, i) => Math.max(...[heading, ...rows].map((row) => row[i].length)))
  const right = heading.map((_, i) => rows.every((row) => /^\d/.test(row[i])))
  const line = (row) =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('   ')
      .trimEnd()
  return [line(heading), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')
}
