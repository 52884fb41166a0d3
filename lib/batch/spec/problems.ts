/**
 * What is wrong with a spec, and where.
 */
import { printable } from '../../errors.js'

/** A place in a spec: keys of maps, and indices of lists. */
export type Place = readonly (string | number)[]

export interface Problem {
  readonly place: Place
  /** Whether it is about the last key itself, not its value. */
  readonly ofKey?: boolean
  /** One sentence. */
  readonly message: string
}

/** The most problems that one error names. */
const MOST = 20
const MOST_CHARACTERS = 500

/** A spec, or the plan of a batch, that says nothing that can be done. */
export class SpecError extends Error {
  readonly code = 'ERR_SPEC'

  /** @param lines - one for each problem, with its place */
  constructor(lines: readonly string[]) {
    const shown = lines.slice(0, MOST).map((line) => printable(line, MOST_CHARACTERS))
    super([...shown, ...(lines.length > MOST ? [`And ${lines.length - MOST} more.`] : [])].join('\n'))
    this.name = 'SpecError'
  }
}
