/**
 * Which objects a pickle holds already, so that shared and cyclic ones are written once.
 */

/** A Map that grows past this size holds the JS thread for milliseconds while it rehashes. */
const GENERATION_SIZE = 65_536

/** Names beyond this many are written out each time: a dict with a million keys gains nothing from remembering them. */
const MAX_NAMES = 4096

export class PickleMemo {
  #next = 0
  readonly #generations = [new Map<object, number>()]
  readonly #names = new Map<string, number>()

  /** A free index, for an object that no value stands for. */
  reserve(): number {
    return this.#next++
  }

  /** A free index, by which the object is known from now on. */
  add(object: object): number {
    const index = this.reserve()
    let newest = this.#generations[0] as Map<object, number>
    if (newest.size >= GENERATION_SIZE) this.#generations.unshift((newest = new Map()))
    newest.set(object, index)
    return index
  }

  /** The index of an object, if it was written. */
  get(object: object): number | undefined {
    for (const generation of this.#generations) {
      const index = generation.get(object)
      if (index !== undefined) return index
    }
    return undefined
  }

  /** The same for the names of attributes, of which a few appear again and again. */
  getName(name: string): number | undefined {
    return this.#names.get(name)
  }

  /** A free index for a name, unless there are too many names already. */
  addName(name: string): number | undefined {
    if (this.#names.size >= MAX_NAMES) return undefined
    const index = this.reserve()
    this.#names.set(name, index)
    return index
  }
}
