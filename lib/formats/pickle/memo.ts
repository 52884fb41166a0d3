/**
 * Which objects a pickle holds already, so that shared and cyclic ones are written once.
 */
import { GrowingMap } from '../../memory/growing-map.js'

/** Names beyond this many are written out each time: a dict with a million keys gains nothing from remembering them. */
const MAX_NAMES = 4096

export class PickleMemo {
  #next = 0
  readonly #objects = new GrowingMap<object, number>()
  readonly #names = new Map<string, number>()

  /** A free index, for an object that no value stands for. */
  reserve(): number {
    return this.#next++
  }

  /** A free index, by which the object is known from now on. */
  add(object: object): number {
    const index = this.reserve()
    this.#objects.set(object, index)
    return index
  }

  /** The index of an object, if it was written. */
  get(object: object): number | undefined {
    return this.#objects.get(object)
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
