/**
 * How much memory the elements of a file may take. Each dataset is compared with the bytes that the file has of it, but many links may lead
 * to one dataset, and elements that were never written have no bytes.
 */

/** Elements that were never written, in all datasets. */
const UNWRITTEN_BYTES = 2 ** 26

/** Numbers of one byte become float64, and may be read twice. */
const MOST_GROWTH = 16

/** DEFLATE makes at most 1032 bytes of one; the largest numbers may be read twice. */
const MOST_INFLATED = 2 * 1032

export class MemoryBudget {
  #plain: number
  #compressed: number

  /** @param fileBytes - the size of the file */
  constructor(fileBytes: number) {
    this.#plain = UNWRITTEN_BYTES + MOST_GROWTH * fileBytes
    this.#compressed = UNWRITTEN_BYTES + MOST_INFLATED * fileBytes
  }

  /** Takes bytes for elements of the file; returns whether it justifies them. */
  take(bytes: number, isCompressed: boolean): boolean {
    if (isCompressed) this.#compressed -= bytes
    else this.#plain -= bytes
    return this.#plain >= 0 && this.#compressed >= 0
  }
}
