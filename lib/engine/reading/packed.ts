/**
 * Unpacks the lists that native readers return as bytes.
 */
import { joined, PIECE_BYTES, utf8Pieces } from '../../memory/texts.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'

/** A child of a group. */
export interface Hdf5Child {
  readonly name: string
  /** `nothing` for a link that leads nowhere or out of the file. */
  readonly kind: 'nothing' | 'group' | 'dataset' | 'datatype'
  readonly address: number
}

/** By their numbers in native/hdf5/reading/description.h. */
const KINDS = ['nothing', 'group', 'dataset', 'datatype'] as const

export function* unpackedTexts(bytes: Uint8Array): Steps<string[]> {
  const reader = new Reader(bytes)
  const texts: string[] = []
  while (!reader.isAtEnd) {
    const length = reader.uint32()
    texts.push(length > PIECE_BYTES ? joined(yield* utf8Pieces(reader.bytes(length))) : reader.text(length))
    if (isDue()) yield
  }
  return texts
}

/** The only text there is, in its pieces; undefined where there are none or several. */
export function* onlyTextInPieces(bytes: Uint8Array): Steps<string[] | undefined> {
  const reader = new Reader(bytes)
  const text = reader.bytes(reader.uint32())
  return reader.isAtEnd ? yield* utf8Pieces(text) : undefined
}

export function* unpackedChildren(bytes: Uint8Array): Steps<Hdf5Child[]> {
  const reader = new Reader(bytes)
  const children: Hdf5Child[] = []
  for (let left = reader.uint32(); left > 0; left--) {
    const kind = KINDS[reader.uint8()] as Hdf5Child['kind']
    const address = reader.float64()
    children.push({ kind, address, name: reader.text(reader.uint32()) })
    if (isDue()) yield
  }
  return children
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#advance(1))
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4))
  }

  float64(): number {
    return this.#bytes.readDoubleLE(this.#advance(8))
  }

  text(length: number): string {
    spend(length)
    const start = this.#advance(length)
    return this.#bytes.toString('utf8', start, start + length)
  }

  bytes(length: number): Buffer {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  #advance(count: number): number {
    const at = this.#at
    this.#at += count
    return at
  }
}
