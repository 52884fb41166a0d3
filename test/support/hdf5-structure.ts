/**
 * An HDF5 file of the earliest format, read by the specification: groups, links, texts and references, and that no two things lie
 * in one place. Today's library looks at no more of it than it needs; older ones, and other readers, look elsewhere.
 */
import { GlobalHeaps } from './hdf5-global-heaps.js'

const UNDEFINED = 2n ** 64n - 1n
const DATASPACE_MESSAGE = 0x01
const DATATYPE_MESSAGE = 0x03
const LAYOUT_MESSAGE = 0x08
const ATTRIBUTE_MESSAGE = 0x0c
const CONTINUATION_MESSAGE = 0x10
const SYMBOL_TABLE_MESSAGE = 0x11
const REFERENCE_CLASS = 7
const VARIABLE_LENGTH_CLASS = 9
const CONTIGUOUS = 1

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
  attributes: number[]
}

interface BTreeNode {
  address: number
  level: number
  left: bigint
  right: bigint
  /** Names: one before, one between and one behind the children. */
  keys: string[]
  children: number[]
}

/** One sentence for each thing that is not as the specification has it. */
export function structureProblems(file: Buffer): string[] {
  const problems: string[] = []
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

  const leafK = u16(16)
  const internalK = u16(18)
  expect(address(40) === file.length, 'the end of file is elsewhere')
  claim(0, 96, 'the superblock')
  visitEntry(56, '/', () => '')
  heaps.expectAllUsed()
  for (const { to, path } of references) expect(headers.has(to), `${path} refers to ${to}, where no object is`)
  places.sort((a, b) => a.begin - b.begin)
  for (const [i, { begin, what }] of places.entries()) {
    const before = places[i - 1]
    expect(!before || before.end <= begin, `${before?.what} reaches into ${what}`)
  }
  expect(places.every(({ end }) => end <= file.length), 'something lies behind the end of the file')
  return problems

  /** A symbol table entry of a group with these names. */
  function visitEntry(at: number, path: string, name: (offset: number) => string): void {
    if (u32(at + 16) === 2) {
      expect(u64(at + 8) === UNDEFINED && name(u32(at + 24)) !== '', `${path}: no soft link`)
      return
    }
    const { table, ...messages } = messagesOf(address(at + 8), path)
    expect(u32(at + 16) < 2, `${path}: an unknown kind of entry`)
    if (u32(at + 16) === 1) {
      expect(address(at + 24) === table?.btree && address(at + 32) === table?.heap, `${path}: what is cached is not what the header says`)
    }
    for (const attribute of messages.attributes) visitAttribute(attribute, path)
    if (table) visitGroup(table, path)
    else visitDataset(messages, path)
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

  function visitDataset({ dataspace, datatype, layout }: ObjectMessages, path: string): void {
    if (dataspace === undefined || datatype === undefined || layout === undefined) {
      problems.push(`${path}: neither a group nor a dataset`)
      return
    }
    if (file[layout + 1] !== CONTIGUOUS) return
    const count = elementCount(dataspace)
    const size = count * u32(datatype + 4)
    expect(address(layout + 10) === size && (size > 0) === (u64(layout + 2) !== UNDEFINED), `${path}: ${size} bytes have another layout`)
    if (size === 0) return
    claim(address(layout + 2), size, `the elements of ${path}`)
    visitElements(datatype, count, address(layout + 2), path)
  }

  function elementCount(dataspace: number): number {
    expect(file[dataspace] === 1, `a dataspace of version ${file[dataspace]}`)
    return Array.from({ length: file[dataspace + 1]! }, (_, axis) => address(dataspace + 8 + 8 * axis)).reduce((count, length) => count * length, 1)
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
  function checkLevel(nodes: readonly BTreeNode[], path: string): void {
    const addressOf = (node: BTreeNode | undefined) => (node ? BigInt(node.address) : UNDEFINED)
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
