/** A Map that grows past this size holds the JS thread for milliseconds while it rehashes. */
const GENERATION_SIZE = 65_536

/** A Map that can grow to any size without a pause: it begins another one before it would rehash for long. */
export class GrowingMap<K, V> {
  readonly #generations = [new Map<K, V>()]

  get(key: K): V | undefined {
    for (const generation of this.#generations) {
      const value = generation.get(key)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** Adds a value, or replaces the one that the key has. */
  set(key: K, value: V): void {
    let newest = this.#generations[0] as Map<K, V>
    if (newest.size >= GENERATION_SIZE) this.#generations.unshift((newest = new Map()))
    newest.set(key, value)
  }

  /** Every key, one that was replaced perhaps more than once. */
  *keys(): Generator<K, void> {
    for (const generation of this.#generations) yield* generation.keys()
  }
}
