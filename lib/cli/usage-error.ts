/**
 * What a user got wrong on the command line.
 */
export class UsageError extends Error {
  /** @param message - one sentence */
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
