/**
 * The errors of a pickle that is read: each names the file, and the byte at which the opcode begins.
 */
import { FormatError } from '../../../errors.js'

export class PickleFailures {
  /** Where the current opcode begins. */
  offset = 0

  /**
   * @param path - what errors call the file
   * @param object - what errors call the pickle in the file, if it is one of several
   */
  constructor(
    readonly path: string,
    readonly object?: string,
  ) {}

  /** An error at the current opcode, or at another place. */
  at(problem: string, offset = this.offset): FormatError {
    return new FormatError(this.path, `at byte ${offset}, ${problem}`, this.object)
  }

  /** An error of a value, by what leads to it. */
  of(problem: string, name: string): FormatError {
    return new FormatError(this.path, problem, name)
  }

  cutOff(): FormatError {
    return this.at('the pickle is cut off')
  }

  /** The stack, or a value on it, is not what an opcode or a call needs. */
  malformed(problem: string): FormatError {
    return this.at(`the pickle is malformed: ${problem}`)
  }
}
