/**
 * Streams of Node in the package's declarations, which do without those of Node.
 */

/** A function of any arguments: those of a method are compared in either direction. */
type Listener = { listen(...args: unknown[]): void }['listen']

/** What Node's own declarations return. */
type AnyFunction = InstanceType<FunctionConstructor>

/** A `Writable` of Node: what `pipeline`, `pipe` and `Writable.toWeb` take. */
export interface NodeSink {
  /** Whether `write` may be called. */
  readonly writable: boolean
  /** Writes a value. Returns false where `drain` should be waited for. */
  write(value: unknown, callback?: (error?: Error | null) => void): boolean
  /** Writes a value, of which the encoding is of no matter. */
  write(value: unknown, encoding?: unknown, callback?: (error?: Error | null) => void): boolean
  /** No more values will be written. */
  end(callback?: () => void): this
  /** Writes a last value. */
  end(value: unknown, callback?: () => void): this
  /** Writes a last value, of which the encoding is of no matter. */
  end(value: unknown, encoding?: unknown, callback?: () => void): this
  /** Ends it at once; with an error it has failed. */
  destroy(error?: Error): this
  /** Adds a listener. */
  addListener(event: string | symbol, listener: Listener): this
  /** Adds a listener. */
  on(event: string | symbol, listener: Listener): this
  /** Adds a listener for the next time. */
  once(event: string | symbol, listener: Listener): this
  /** Adds a listener before the others. */
  prependListener(event: string | symbol, listener: Listener): this
  /** Adds a listener for the next time, before the others. */
  prependOnceListener(event: string | symbol, listener: Listener): this
  /** Removes a listener. */
  removeListener(event: string | symbol, listener: Listener): this
  /** Removes a listener. */
  off(event: string | symbol, listener: Listener): this
  /** Removes all listeners. */
  removeAllListeners(event?: string | symbol): this
  /** Calls all listeners. */
  emit(event: string | symbol, ...args: unknown[]): boolean
  /** The listeners of an event. */
  listeners(event: string | symbol): AnyFunction[]
  /** The same with the wrappers of those for one time. */
  rawListeners(event: string | symbol): AnyFunction[]
  /** How many listeners an event has. */
  listenerCount(event: string | symbol, listener?: AnyFunction): number
  /** The events that have listeners. */
  eventNames(): (string | symbol)[]
  /** How many listeners there may be without a warning. */
  getMaxListeners(): number
  /** Sets how many listeners there may be without a warning. */
  setMaxListeners(count: number): this
}
