/**
 * Values that one side gives and another takes as an async iterable, with backpressure: giving waits until the next value is asked for.
 */

interface Given {
  readonly value: unknown
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

export class BatchQueue<T> implements AsyncIterableIterator<T> {
  readonly #given: Given[] = []
  /** The value that was taken last, until the next one is asked for. */
  #taken: Given | undefined
  #ask: ((result: IteratorResult<T>) => void) | undefined
  #hasEnded = false
  #failure: { reason: unknown } | undefined;

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Gives a value. The promise resolves when the side that takes it is done with it, and rejects with the reason of `fail`. */
  give(value: T): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.reason)
    return new Promise((resolve, reject) => {
      this.#given.push({ value, resolve, reject })
      this.#handOver()
    })
  }

  /** No more values will be given. */
  end(): void {
    this.#hasEnded = true
    this.#handOver()
  }

  /** Values that were given are of no use any more. */
  fail(reason: unknown): void {
    this.#failure ??= { reason }
    this.#hasEnded = true
    for (const { reject } of [this.#taken, ...this.#given].filter((given) => given !== undefined)) reject(reason)
    this.#taken = undefined
    this.#given.length = 0
    this.#handOver()
  }

  next(): Promise<IteratorResult<T>> {
    this.#taken?.resolve()
    this.#taken = undefined
    return new Promise((resolve) => {
      this.#ask = resolve
      this.#handOver()
    })
  }

  return(): Promise<IteratorResult<T>> {
    return Promise.resolve({ value: undefined, done: true })
  }

  #handOver(): void {
    if (!this.#ask) return
    const next = this.#given.shift()
    if (!next && !this.#hasEnded) return
    this.#taken = next
    const ask = this.#ask
    this.#ask = undefined
    ask(next ? { value: next.value as T, done: false } : { value: undefined, done: true })
  }
}
