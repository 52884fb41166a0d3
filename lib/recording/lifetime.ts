/**
 * How long what a recording has open stays open: closing it waits for the calls that use it.
 */
import { invalidState } from '../errors.js'

export class Lifetime {
  readonly #free: () => Promise<void>
  #uses = 0
  #closed: Promise<void> | undefined
  #isFree = false
  /** Ends the wait for the last use. */
  #resume: (() => void) | undefined

  /** @param free - called once */
  constructor(free: () => Promise<void>) {
    this.#free = free
  }

  /**
   * Begins a use. Returns what ends it, which must be called once.
   *
   * @param name - what errors call the recording
   * @throws Error with `ERR_INVALID_STATE` where it was closed
   */
  use(name: string): () => void {
    if (this.#closed) throw closed(name)
    this.#uses++
    return () => {
      if (--this.#uses === 0) this.#resume?.()
    }
  }

  /**
   * Checks that what is open has not been freed: it may be closed already, and still in use.
   *
   * @throws Error with `ERR_INVALID_STATE`
   */
  requireThere(name: string): void {
    if (this.#isFree) throw closed(name)
  }

  /** Begins no further use, waits for those there are, and frees what is open. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    if (this.#uses > 0) await new Promise<void>((resume) => (this.#resume = resume))
    this.#isFree = true
    await this.#free()
  }
}

function closed(name: string): Error {
  return invalidState('an open recording', name, 'one that was closed')
}
