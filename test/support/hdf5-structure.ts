/**
 * The groups of an HDF5 file of the earliest format, read by the specification. Today's library looks at no more of them than it
 * needs; older ones, and other readers, look elsewhere.
 */

const UNDEFINED = 2n ** 64n - 1n
const SYMBOL_TABLE_MESSAGE = 0x11
const CONTINUATION_MESSAGE = 0x10

/** Where a group's B-tree and local heap are. */
interface SymbolTable {
  btree: number
  heap: number
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

  const leafK = u16(16)
  const internalK = u16(18)
  expect(address(40) === file.length, 'the end of file is elsewhere')
  visitEntry(56, '/')
  return problems

  /** A symbol table entry. */
  function visitEntry(at: number, path: string): void {
    const table = symbolTableOf(address(at + 8), path)
    if (u32(at + 16) === 1) {
      expect(address(at + 24) === table?.btree && address(at + 32) === table?.heap, `${path}: what is cached is not what the header says`)
    }
    if (table) visitGroup(table, path)
  }

  /** What a version 1 object header says of a group's members; of a dataset, nothing. */
  function symbolTableOf(header: number, path: string): SymbolTable | undefined {
    expect(file[header] === 1 && u32(header + 4) === 1, `${path}: no header of an object with one link`)
    const chunks = [{ at: header + 16, size: u32(header + 8) }]
    let table: SymbolTable | undefined
    let messages = 0
    for (const { at: first, size } of chunks) {
      let at = first
      for (; at < first + size; at += 8 + u16(at + 2), messages++) {
        if (u16(at) === SYMBOL_TABLE_MESSAGE) table = { btree: address(at + 8), heap: address(at + 16) }
        if (u16(at) === CONTINUATION_MESSAGE) chunks.push({ at: address(at + 8), size: address(at + 16) })
      }
      expect(at === first + size, `${path}: the messages end elsewhere than the header`)
    }
    expect(messages === u16(header + 2), `${path}: the header has ${messages} messages`)
    return table
  }

  function visitGroup({ btree, heap }: SymbolTable, path: string): void {
    expectText(heap, 'HEAP')
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
          visitEntry(entry, `${path}${found}/`)
        }
      }
    }
  }

  function readNode(at: number, name: (offset: number) => string, path: string): BTreeNode {
    expectText(at, 'TREE')
    const count = u16(at + 6)
    expect(file[at + 4] === 0 && count <= 2 * internalK, `${path}: no node of a group`)
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
    return Array.from({ length: count }, (_, i) => at + 8 + 40 * i)
  }
}
