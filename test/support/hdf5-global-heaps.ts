/** An object of a collection, and whether an element has been found that it is the text of. */
interface HeapObject {
  size: number
  used: boolean
}

/** The global heaps of an HDF5 file, read by the specification as elements are found that point into them. */
export class GlobalHeaps {
  readonly #collections = new Map<number, Map<number, HeapObject>>()

  constructor(
    private readonly file: Buffer,
    private readonly expect: (holds: boolean, what: string) => void,
    private readonly claim: (begin: number, size: number, what: string) => void,
  ) {}

  /** Follows an element of variable length. */
  use(element: number, path: string): void {
    const length = this.file.readUInt32LE(element)
    const collection = Number(this.file.readBigUInt64LE(element + 4))
    const index = this.file.readUInt32LE(element + 12)
    const object = this.#collection(collection).get(index)
    this.expect(object?.size === length && index > 0, `${path}: object ${index} at ${collection} has not ${length} bytes`)
    this.expect(!object?.used, `${path}: object ${index} at ${collection} is another's, too`)
    if (object) object.used = true
  }

  /** Nothing is in a collection that no element points at. */
  expectAllUsed(): void {
    for (const [at, objects] of this.#collections) {
      for (const [index, { used }] of objects) this.expect(used || index === 0, `nothing refers to object ${index} at ${at}`)
    }
  }

  #collection(at: number): Map<number, HeapObject> {
    const known = this.#collections.get(at)
    if (known) return known
    const objects = new Map<number, HeapObject>()
    this.#collections.set(at, objects)
    const { file } = this
    const is = at + 16 <= file.length && file.toString('latin1', at, at + 4) === 'GCOL' && file.readUInt32LE(at + 4) === 1
    this.expect(is, `no global heap at ${at}`)
    if (!is) return objects
    const size = Number(file.readBigUInt64LE(at + 8))
    this.expect(size >= 4096 && size % 8 === 0, `the global heap at ${at} has ${size} bytes`)
    this.claim(at, size, `the global heap at ${at}`)
    this.#readObjects(at + 16, at + size, objects)
    return objects
  }

  /** With less than a header's bytes left, what is free has none. The free object's size counts its header, too. */
  #readObjects(begin: number, end: number, objects: Map<number, HeapObject>): void {
    let at = begin
    while (at + 16 <= end) {
      const index = this.file.readUInt16LE(at)
      const size = Number(this.file.readBigUInt64LE(at + 8))
      this.expect(!objects.has(index), `two objects ${index} before ${end}`)
      objects.set(index, { size, used: false })
      at += index === 0 ? size : 16 + Math.ceil(size / 8) * 8
      if (index !== 0)
        this.expect(
          this.file.subarray(at - (-size & 7), at).every((byte) => byte === 0),
          `object ${index} before ${end} has no zeros after it`,
        )
      if (index === 0 && size === 0) break
    }
    this.expect(at <= end && (at === end || end - at < 16), `the objects end at ${at}, the global heap at ${end}`)
  }
}
