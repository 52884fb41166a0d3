/**
 * Text for people.
 */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** A number of bytes, such as `2.0 MB`. */
export function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), BYTE_UNITS.length - 1)
  return `${(bytes / 1000 ** power).toFixed(power > 0 ? 1 : 0)} ${BYTE_UNITS[power]}`
}

/** A whole number in groups of three digits. */
export function count(number: number): string {
  return number.toLocaleString('en')
}

/** A number of things, such as `1 unit` or `1,200 units`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`
}

/** A time, such as `80 ms`, `2.5 s`, `3 min 20 s` or `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/**
 * Rows of cells as aligned lines, below a rule the first; cells that begin with a digit are numbers, aligned to the right.
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...rest] = rows
  const widths = heading.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)))
  const isRight = heading.map((_, i) => rest.every((row) => /^\d/.test(row[i] as string)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isRight[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join('   ')
      .trimEnd()
  return [line(heading), line(widths.map((width) => '─'.repeat(width))), ...rest.map(line)].join('\n')
}

/** Words in lines of at most `width` characters, each after `indent` blanks. */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((each) => ' '.repeat(indent) + each).join('\n')
}
