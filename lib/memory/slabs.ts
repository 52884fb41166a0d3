/**
 * Memory of many small arrays, several on one buffer: a buffer of its own for each costs more than the data.
 */
import { unsetBytes, zeros } from './allocation.js'
import { pinOwn } from './buffers.js'

/** No multiple of 64 KiB: Node 20 does not distinguish a pinned buffer of such a size from the memory of WebAssembly. */
const SLAB_BYTES = 240 * 1024

/** Larger arrays have buffers of their own. */
const MOST_BYTES = 16 * 1024

/** Suits every type of elements. */
const ALIGNMENT = 16

export class Slabs {
  #slab: Uint8Array | undefined
  #used = 0

  /** A copy of bytes. The buffers of small ones are shared, and so cannot be transferred. */
  copyOf(bytes: Uint8Array): Uint8Array {
    const { length } = bytes
    const copy = length > MOST_BYTES ? unsetBytes(length) : this.#part(length)
    copy.set(bytes)
    return copy
  }

  #part(length: number): Uint8Array {
    if (!this.#slab || this.#used + length > SLAB_BYTES) {
      // Whoever has an array of it can read all of its buffer.
      this.#slab = pinOwn(zeros(Uint8Array, SLAB_BYTES))
      this.#used = 0
    }
    const from = this.#used
    this.#used += Math.ceil(length / ALIGNMENT) * ALIGNMENT
    return this.#slab.subarray(from, from + length)
  }
}
