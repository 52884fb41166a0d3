/**
 * The memo of a pickle: values by index. Indices usually count up; the file may have others.
 */

/** So that growing never copies more than this many entries in one go. */
const PAGE = 2 ** 14

export class Memo {
  /** How many indices there are. */
  size = 0
  readonly #pages = new Map<number, unknown[]>()
  readonly #most: number

  /** @param fileSize - no pickle has more indices than bytes */
  constructor(fileSize: number) {
    this.#most = fileSize
  }

  /** @returns false for an index that no pickle of this size needs */
  set(index: number, value: unknown): boolean {
    if (!(index >= 0 && index <= this.#most)) return false
    const number = Math.floor(index / PAGE)
    let page = this.#pages.get(number)
    if (!page) this.#pages.set(number, (page = []))
    const at = index % PAGE
    if (page[at] === undefined) this.size++
    page[at] = value
    return true
  }

  /** The value of an index; undefined where there is none. */
  get(index: number): unknown {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }
}
