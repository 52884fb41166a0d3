/**
 * Which of the known names a misspelt one stands for.
 */

/** Longer names are not compared: no option has one. */
const MOST_LETTERS = 64

/**
 * One mistake is accepted for this many letters of the longer name: a letter that is wrong, missing, added, or exchanged with the next.
 */
const LETTERS_PER_MISTAKE = 4

/**
 * The known name that differs from the given one only in case and separators, as `fs_Hz` does from `fsHz`; otherwise the one with the
 * fewest mistakes, if they are at most one for every four letters.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  if (given.length > MOST_LETTERS) return undefined
  const letters = lettersOf(given)
  let nearest: string | undefined
  let fewest = Infinity
  for (const name of names) {
    const known = lettersOf(name)
    const mistakes = distance(letters, known)
    if (mistakes >= fewest || mistakes > Math.max(letters.length, known.length) / LETTERS_PER_MISTAKE) continue
    nearest = name
    fewest = mistakes
  }
  return nearest
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}

/** How many letters have to be added, dropped, replaced or exchanged with the next one (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const replaced = at(last, j - 1) + (isSame ? 0 : 1)
      const exchanged = isExchanged ? at(beforeLast, j - 2) + 1 : Infinity
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, exchanged))
    }
    ;[beforeLast, last] = [last, row]
  }
  return at(last, b.length)
}

function at(row: readonly number[], i: number): number {
  return row[i] as number
}
