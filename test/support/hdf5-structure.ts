/**
 * An HDF5 file of the earliest format, or a paged one, read by the specification: groups, links, texts, references and chunks, and that
 * no two things lie in one place. Today's library looks at no more of it than it needs; older ones, and other readers, look elsewhere.
 */
import { GlobalHeaps } from './hdf5-global-heaps.js'

const UNDEFINED = 2n ** 64n - 1n
const DATASPACE_MESSAGE = 0x01
const DATATYPE_MESSAGE = 0x03
const LAYOUT_MESSAGE = 0x08
const ATTRIBUTE_MESSAGE = 0x0c
const FILTER_MESSAGE = 0x0b
const CONTINUATION_MESSAGE = 0x10
const SYMBOL_TABLE_MESSAGE = 0x11
const FILE_SPACE_INFO_MESSAGE = 0x17
const REFERENCE_CLASS = 7
const VARIABLE_LENGTH_CLASS = 9
const CONTIGUOUS = 1
const CHUNKED = 2
/** What superblocks of version 0 leave to the library. */
const CHUNK_INTERNAL_K = 32

/** Where a group's B-tree and local heap are. */
interface SymbolTable {
  btree: number
  heap: number
}

/** The messages of an object that matter here: where each begins. */
interface ObjectMessages {
  table?: SymbolTable
  dataspace?: number
  datatype?: number
  layout?: number
  isFiltered?: boolean
  fileSpaceInfo?: number
  attributes: number[]
}

interface BTreeNode<Key = string> {
  address: number
  level: number
  left: bigint
  right: bigint
  /** One before, one between and one after the children: names, or where chunks are. */
  keys: Key[]
  children: number[]
}

interface ChunkKey {
  size: number
  /** A bit for each filter that the chunk did not go through. */
  filterMask: number
  /** Where it begins along each axis, and in the end within an element. */
  offsets: number[]
}

/** A chunk of a dataset as it lies in the file. */
export interface StoredChunk extends ChunkKey {
  path: string
  address: number
}

/** One sentence for each thing that is not as the specification has it. */
export function structureProblems(file: Buffer): string[] {
  return readStructure(file).problems
}

/** The same, the chunks of all datasets, and the size of pages, if the file has them. */
export function readStructure(file: Buffer): { problems: string[]; chunks: StoredChunk[]; pageBytes: number | undefined } {
  const problems: string[] = []
  const stored: StoredChunk[] = []
  const u16 = (at: number) => file.readUInt16LE(at)
  const u32 = (at: number) => file.readUInt32LE(at)
  const u64 = (at: number) => file.readBigUInt64LE(at)
  const address = (at: number) => Number(u64(at))
  const expect = (holds: boolean, what: string) => {
    if (!holds) problems.push(what)
  }
  const expectText = (at: number, text: string) => expect(file.toString('latin1', at, at + 4) === text, `no ${text} at ${at}`)

  /** All that lies in the file: where it begins and ends. */
  const places: { begin: number; end: number; what: string }[] = []
  const claim = (begin: number, size: number, what: string) => places.push({ begin, end: begin + size, what })
  const headers = new Set<number>()
  const references: { to: number; path: string }[] = []
  const heaps = new GlobalHeaps(file, expect, claim)

  const isPaged = file[8] === 2
  const [leafK, internalK] = isPaged ? [4, 16] : [u16(16), u16(18)]
  expect(address(isPaged ? 28 : 40) === file.length, 'the end of file is elsewhere')
  claim(0, isPaged ? 48 : 96, 'the superblock')
  const pageBytes = isPaged ? pageSizeOf(messagesOf(address(20), 'the superblock')) : undefined
  if (isPaged) visitObject(address(36), '/')
  else visitEntry(56, '/', () => '')
  heaps.expectAllUsed()
  for (const { to, path } of references) expect(headers.has(to), `${path} refers to ${to}, where no object is`)
  places.sort((a, b) => a.begin - b.begin)
  for (const [i, { begin, what }] of places.entries()) {
    const before = places[i - 1]
    expect(!before || before.end <= begin, `${before?.what} reaches into ${what}`)
  }
  expect(
    places.every(({ end }) => end <= file.length),
    'something lies after the end of the file',
  )
  for (const { begin, end, what } of pageBytes === undefined ? [] : places.filter(({ what }) => /^the (elements|chunk)/.test(what))) {
    const isWithin = Math.floor(begin / pageBytes!) === Math.floor((end - 1) / pageBytes!)
    // Chunks that do not divide a page follow each other, and so do the elements of units, which are placed as one.
    const isOfMany = (what.startsWith('the chunk') && pageBytes! % (end - begin) > 0) || /\/\d+\/$/.test(what)
    const mayCross = end - begin > pageBytes! || isOfMany
    expect(isWithin || mayCross, `${what} lie in two pages, ${begin} to ${end}`)
  }
  return { problems, chunks: stored, pageBytes }

  /** Of a paged file that keeps no list of its free space. */
  function pageSizeOf({ fileSpaceInfo: at }: ObjectMessages): number {
    if (at === undefined) {
      problems.push('no pages')
      return 0
    }
    expect(file[at] === 1 && file[at + 1] === 1 && file[at + 2] === 0, 'another way of keeping free space')
    return address(at + 11)
  }

  /** A symbol table entry of a group with these names. */
  function visitEntry(at: number, path: string, name: (offset: number) => string): void {
    if (u32(at + 16) === 2) {
      expect(u64(at + 8) === UNDEFINED && name(u32(at + 24)) !== '', `${path}: no soft link`)
      return
    }
    const table = visitObject(address(at + 8), path)
    expect(u32(at + 16) < 2, `${path}: an unknown kind of entry`)
    if (u32(at + 16) === 1) {
      expect(address(at + 24) === table?.btree && address(at + 32) === table?.heap, `${path}: the cache differs from the header`)
    }
  }

  /** The object with this header: a group or a dataset. */
  function visitObject(header: number, path: string): SymbolTable | undefined {
    const { table, ...messages } = messagesOf(header, path)
    for (const attribute of messages.attributes) visitAttribute(attribute, path)
    if (table) visitGroup(table, path)
    else visitDataset(messages, path)
    return table
  }

  /** The messages of a version 1 object header. */
  function messagesOf(header: number, path: string): ObjectMessages {
    expect(file[header] === 1 && u32(header + 4) === 1, `${path}: no header of an object with one link`)
    expect(!headers.has(header), `${path}: its header is another object's`)
    headers.add(header)
    claim(header, 16, `the header of ${path}`)
    const chunks = [{ at: header + 16, size: u32(header + 8) }]
    const found: ObjectMessages = { attributes: [] }
    let messages = 0
    for (const { at: first, size } of chunks) {
      claim(first, size, `messages of ${path}`)
      let at = first
      for (; at < first + size; at += 8 + u16(at + 2), messages++) {
        expect(u16(at + 2) % 8 === 0, `${path}: a message has ${u16(at + 2)} bytes`)
        const body = at + 8
        if (u16(at) === DATASPACE_MESSAGE) found.dataspace = body
        if (u16(at) === DATATYPE_MESSAGE) found.datatype = body
        if (u16(at) === LAYOUT_MESSAGE) found.layout = body
        if (u16(at) === FILE_SPACE_INFO_MESSAGE) found.fileSpaceInfo = body
        if (u16(at) === FILTER_MESSAGE) found.isFiltered = true
        if (u16(at) === ATTRIBUTE_MESSAGE) found.attributes.push(body)
        if (u16(at) === SYMBOL_TABLE_MESSAGE) found.table = { btree: address(body), heap: address(body + 8) }
        if (u16(at) === CONTINUATION_MESSAGE) chunks.push({ at: address(body), size: address(body + 8) })
      }
      expect(at === first + size, `${path}: the messages end elsewhere than the header`)
    }
    expect(messages === u16(header + 2), `${path}: the header has ${messages} messages`)
    return found
  }

  function visitAttribute(at: number, path: string): void {
    expect(file[at] === 1, `${path}: an attribute of version ${file[at]}`)
    const padded = (size: number) => Math.ceil(size / 8) * 8
    const [nameSize, datatypeSize, dataspaceSize] = [u16(at + 2), u16(at + 4), u16(at + 6)] as const
    const name = file.toString('latin1', at + 8, at + 8 + nameSize - 1)
    expect(file[at + 8 + nameSize - 1] === 0, `${path}: the name of an attribute has no end`)
    const datatype = at + 8 + padded(nameSize)
    const dataspace = datatype + padded(datatypeSize)
    visitElements(datatype, elementCount(dataspace), dataspace + padded(dataspaceSize), `the attribute ${name} of ${path}`)
  }

  function visitDataset({ dataspace, datatype, layout, isFiltered = false }: ObjectMessages, path: string): void {
    if (dataspace === undefined || datatype === undefined || layout === undefined) {
      problems.push(`${path}: neither a group nor a dataset`)
      return
    }
    if (file[layout + 1] === CHUNKED) visitChunks(dataspace, datatype, layout, isFiltered, path)
    if (file[layout + 1] !== CONTIGUOUS) return
    const count = elementCount(dataspace)
    const size = count * u32(datatype + 4)
    expect(address(layout + 10) === size && size > 0 === (u64(layout + 2) !== UNDEFINED), `${path}: ${size} bytes have another layout`)
    if (size === 0) return
    claim(address(layout + 2), size, `the elements of ${path}`)
    visitElements(datatype, count, address(layout + 2), path)
  }

  function elementCount(dataspace: number): number {
    return product(shapeOf(dataspace))
  }

  function shapeOf(dataspace: number): number[] {
    expect(file[dataspace] === 1, `a dataspace of version ${file[dataspace]}`)
    return Array.from({ length: file[dataspace + 1]! }, (_, axis) => address(dataspace + 8 + 8 * axis))
  }

  /** The chunks of a dataset by its B-tree. Without filters, and with elements, all of them are there. */
  function visitChunks(dataspace: number, datatype: number, layout: number, isFiltered: boolean, path: string): void {
    const shape = shapeOf(dataspace)
    const axes = shape.length
    const lengths = Array.from({ length: axes + 1 }, (_, axis) => u32(layout + 11 + 4 * axis))
    const chunk = lengths.slice(0, axes)
    expect(file[layout] === 3 && file[layout + 2] === axes + 1, `${path}: another layout of chunks`)
    expect(lengths[axes] === u32(datatype + 4) && chunk.every((length) => length > 0), `${path}: chunks of ${lengths}`)
    const all = product(shape.map((length, axis) => Math.ceil(length / chunk[axis]!)))
    const btree = u64(layout + 3)
    if (btree === UNDEFINED) {
      expect(all === 0, `${path}: no chunks`)
      return
    }
    let level = [readChunkNode(Number(btree), axes, path)]
    while (level[0]!.level > 0) {
      checkLevel(level, path)
      level = level.flatMap((node) => node.children.map((child, i) => readChunkChild(node, child, i, axes, path)))
    }
    checkLevel(level, path)
    const found = level.flatMap(({ keys, children }) => children.map((at, i) => ({ path, address: at, ...keys[i]! })))
    const numbers = found.map(({ offsets }) =>
      offsets.reduce(
        (number, offset, axis) => (axis === axes ? number : number * Math.ceil(shape[axis]! / chunk[axis]!) + offset / chunk[axis]!),
        0,
      ),
    )
    expect(
      numbers.every((number, i) => Number.isInteger(number) && number < all && number > (numbers[i - 1] ?? -1)),
      `${path}: chunks in another order`,
    )
    expect(isFiltered || found.length === all, `${path}: ${found.length} of ${all} chunks`)
    for (const { size, filterMask, offsets, address: at } of found) {
      expect(isFiltered || size === product(lengths), `${path}: a chunk of ${size} bytes`)
      expect(filterMask === 0, `${path}: a chunk with filter mask ${filterMask}`)
      claim(at, size, `the chunk at ${offsets} of ${path}`)
      if (!isFiltered)
        visitChunkElements(
          datatype,
          at,
          chunk,
          shape.map((length, axis) => length - offsets[axis]!),
          path,
        )
    }
    stored.push(...found)
  }

  /** The elements of a chunk that are within the array, which ends at `box` in the chunk. */
  function visitChunkElements(datatype: number, at: number, chunk: readonly number[], box: readonly number[], path: string): void {
    const [length, ...inner] = chunk
    if (length === undefined) return visitElements(datatype, 1, at, path)
    const bytes = product(inner) * u32(datatype + 4)
    for (let i = 0; i < Math.min(length, box[0]!); i++) visitChunkElements(datatype, at + i * bytes, inner, box.slice(1), path)
  }

  /** A child of a node, whose first key is the one before it there. */
  function readChunkChild(node: BTreeNode<ChunkKey>, at: number, i: number, axes: number, path: string): BTreeNode<ChunkKey> {
    const child = readChunkNode(at, axes, path)
    const key = ({ offsets }: ChunkKey) => offsets.join()
    const agree = key(child.keys[0]!) === key(node.keys[i]!) && key(child.keys.at(-1)!) === key(node.keys[i + 1]!)
    expect(agree && child.level === node.level - 1, `${path}: a node of the B-tree is not where it is looked for`)
    return child
  }

  function readChunkNode(at: number, axes: number, path: string): BTreeNode<ChunkKey> {
    const keySize = 8 + 8 * (axes + 1)
    const keyAt = (i: number) => at + 24 + i * (keySize + 8)
    const count = u16(at + 6)
    expectText(at, 'TREE')
    expect(file[at + 4] === 1 && count > 0 && count <= 2 * CHUNK_INTERNAL_K, `${path}: no node of chunks`)
    claim(at, 24 + 2 * CHUNK_INTERNAL_K * 8 + (2 * CHUNK_INTERNAL_K + 1) * keySize, `a B-tree node of ${path}`)
    const key = (i: number): ChunkKey => ({
      size: u32(keyAt(i)),
      filterMask: u32(keyAt(i) + 4),
      offsets: Array.from({ length: axes + 1 }, (_, axis) => address(keyAt(i) + 8 + 8 * axis)),
    })
    return {
      address: at,
      level: file[at + 5]!,
      left: u64(at + 8),
      right: u64(at + 16),
      keys: Array.from({ length: count + 1 }, (_, i) => key(i)),
      children: Array.from({ length: count }, (_, i) => address(keyAt(i) + keySize)),
    }
  }

  /** Follows texts into their heaps, and collects references. */
  function visitElements(datatype: number, count: number, at: number, path: string): void {
    const kind = file[datatype]! & 0x0f
    for (let i = 0; i < count; i++) {
      if (kind === VARIABLE_LENGTH_CLASS) heaps.use(at + 16 * i, path)
      if (kind === REFERENCE_CLASS) references.push({ to: address(at + 8 * i), path })
    }
  }

  function visitGroup({ btree, heap }: SymbolTable, path: string): void {
    expectText(heap, 'HEAP')
    claim(heap, 32, `the heap of ${path}`)
    claim(address(heap + 24), address(heap + 8), `the names of ${path}`)
    const name = (offset: number) => {
      const at = address(heap + 24) + offset
      const end = file.indexOf(0, at)
      expect(offset % 8 === 0 && end < address(heap + 24) + address(heap + 8), `${path}: a name is not in the heap`)
      return file.toString('latin1', at, end)
    }
    let level = [readNode(btree, name, path)]
    while (level[0]!.level > 0) {
      checkLevel(level, path)
      level = level.flatMap(({ children }) => children.map((child) => readNode(child, name, path)))
    }
    checkLevel(level, path)
    let last = ''
    for (const { keys, children } of level) {
      for (const [i, child] of children.entries()) {
        for (const entry of entriesOf(child, path)) {
          const found = name(address(entry))
          expect(last < found && keys[i]! < found && found <= keys[i + 1]!, `${path}: ${found} is not where it is looked for`)
          last = found
          visitEntry(entry, `${path}${found}/`, name)
        }
      }
    }
  }

  function readNode(at: number, name: (offset: number) => string, path: string): BTreeNode {
    expectText(at, 'TREE')
    const count = u16(at + 6)
    expect(file[at + 4] === 0 && count <= 2 * internalK, `${path}: no node of a group`)
    claim(at, 24 + 8 * (4 * internalK + 1), `a B-tree node of ${path}`)
    return {
      address: at,
      level: file[at + 5]!,
      left: u64(at + 8),
      right: u64(at + 16),
      keys: Array.from({ length: count + 1 }, (_, i) => name(address(at + 24 + 16 * i))),
      children: Array.from({ length: count }, (_, i) => address(at + 32 + 16 * i)),
    }
  }

  /** Siblings know each other, and are of one level. */
  function checkLevel(nodes: readonly BTreeNode<unknown>[], path: string): void {
    const addressOf = (node: BTreeNode<unknown> | undefined) => (node ? BigInt(node.address) : UNDEFINED)
    for (const [i, { left, right, level }] of nodes.entries()) {
      const together = left === addressOf(nodes[i - 1]) && right === addressOf(nodes[i + 1]) && level === nodes[0]!.level
      expect(together, `${path}: a node of the B-tree does not know its siblings`)
    }
  }

  /** Where the entries of a symbol table node are. */
  function entriesOf(at: number, path: string): number[] {
    expectText(at, 'SNOD')
    const count = u16(at + 6)
    expect(file[at + 4] === 1 && count > 0 && count <= 2 * leafK, `${path}: a symbol table node of ${count} entries`)
    claim(at, 8 + 2 * leafK * 40, `a symbol table node of ${path}`)
    return Array.from({ length: count }, (_, i) => at + 8 + 40 * i)
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((count, length) => count * length, 1)
}
