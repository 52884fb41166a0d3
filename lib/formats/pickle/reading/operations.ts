/**
 * What each opcode does.
 */
import { shortest } from '../../../memory/plain-values.js'
import type { Steps } from '../../../steps.js'
import { isDue, spend } from '../../../steps.js'
import { OPCODES } from '../opcodes.js'
import { wholeFloat } from '../values.js'
import { globalNamed } from './globals.js'
import { BULK_BYTES, STARVED } from './input.js'
import type { PickleMachine } from './machine.js'
import { ArrayNode, BytesNode, DictNode, DtypeNode, GlobalNode, InstanceNode, ListNode, SetNode, TextNode, TupleNode } from './nodes.js'
import { buildArray, buildDtype } from './numpy-calls.js'
import { decodeQuoted, decodeRawUnicodeEscape, decodeUtf8 } from './text.js'

type Operation = (machine: PickleMachine) => void

const HIGHEST_PROTOCOL = 5

/** As Python has it: reading decimal digits takes more than linear time. */
const MOST_DIGITS = 4300

/** A longer integer would hold the thread for too long. */
const MOST_INTEGER_BYTES = 2 ** 20

/**
 * Runs opcodes up to STOP, or up to one that needs more of the file than the window has: refill it and run on.
 *
 * @param most - stops as well when this many have run since the beginning
 */
export function* run(m: PickleMachine, most = Infinity): Steps<void> {
  const { input, failures } = m
  try {
    while (!m.isDone && m.ran < most) {
      failures.offset = input.offset
      const opcode = input.uint8()
      const operation = RUN[opcode]
      if (!operation) throw failures.at(`there is no opcode 0x${opcode.toString(16).padStart(2, '0')}`)
      operation(m)
      m.ran++
      if (isDue()) yield
    }
  } catch (error) {
    if (error !== STARVED) throw error
    input.rewind(failures.offset)
  }
}

function pushBytes(m: PickleMachine, length: number): void {
  const position = m.isLazy ? m.input.offset : undefined
  m.push(new BytesNode(m.input.bytes(length), position))
}

/** The operation of each opcode, at its number. */
const RUN: readonly (Operation | undefined)[] = operations({
  PROTO: (m) => {
    const protocol = m.input.uint8()
    if (protocol > HIGHEST_PROTOCOL) throw m.failures.at(`the pickle is of protocol ${protocol}, and the highest is ${HIGHEST_PROTOCOL}`)
  },
  FRAME: (m) => {
    if (m.input.uint64() > m.input.left) throw m.failures.cutOff()
  },
  STOP: (m) => {
    // The result stays on the stack.
    void m.top
    m.isDone = true
  },

  MARK: (m) => m.mark(),
  POP: (m) => {
    if (m.stack.length > m.floor) m.stack.pop()
    else m.sinceMark()
  },
  POP_MARK: (m) => void m.sinceMark(),
  DUP: (m) => m.push(m.top),

  PUT: (m) => put(m, index(m, m.input.line())),
  BINPUT: (m) => put(m, m.input.uint8()),
  LONG_BINPUT: (m) => put(m, m.input.uint32()),
  MEMOIZE: (m) => put(m, m.memo.size),
  GET: (m) => get(m, index(m, m.input.line())),
  BINGET: (m) => get(m, m.input.uint8()),
  LONG_BINGET: (m) => get(m, m.input.uint32()),

  NONE: (m) => m.push(null),
  NEWTRUE: (m) => m.push(true),
  NEWFALSE: (m) => m.push(false),
  INT: (m) => {
    const line = m.input.line()
    m.push(line === '01' ? true : line === '00' ? false : decimal(m, line))
  },
  LONG: (m) => m.push(decimal(m, m.input.line().replace(/L$/, ''))),
  BININT: (m) => m.push(m.input.int32()),
  BININT1: (m) => m.push(m.input.uint8()),
  BININT2: (m) => m.push(m.input.uint16()),
  LONG1: (m) => m.push(long(m, m.input.uint8())),
  LONG4: (m) => m.push(long(m, m.input.int32())),
  FLOAT: (m) => m.push(wholeFloat(floatOf(m, m.input.line()))),
  BINFLOAT: (m) => m.push(wholeFloat(m.input.float64())),

  UNICODE: (m) => {
    const bytes = m.input.textLine('text')
    if (bytes.length >= BULK_BYTES) return m.push(new TextNode(bytes, 'rawUnicodeEscape', m.offset))
    pushText(m, bytes.length, decodeRawUnicodeEscape(bytes))
  },
  SHORT_BINUNICODE: (m) => text(m, m.input.uint8()),
  BINUNICODE: (m) => text(m, m.input.uint32()),
  BINUNICODE8: (m) => text(m, m.input.uint64()),
  STRING: (m) => {
    const bytes = m.input.textLine()
    const line = bytes.length < BULK_BYTES ? decodeQuoted(Buffer.from(bytes).toString('latin1')) : undefined
    pushText(m, bytes.length, line)
  },
  SHORT_BINSTRING: (m) => oldText(m, m.input.uint8()),
  BINSTRING: (m) => oldText(m, m.input.int32()),
  SHORT_BINBYTES: (m) => pushBytes(m, m.input.uint8()),
  BINBYTES: (m) => pushBytes(m, m.input.uint32()),
  BINBYTES8: (m) => pushBytes(m, m.input.uint64()),
  BYTEARRAY8: (m) => pushBytes(m, m.input.uint64()),

  EMPTY_LIST: (m) => m.push(new ListNode()),
  LIST: (m) => {
    const node = new ListNode()
    extend(node.items, m.sinceMark())
    m.push(node)
  },
  APPEND: (m) => {
    const item = m.pop()
    listOnTop(m).items.push(item)
  },
  APPENDS: (m) => {
    const items = m.sinceMark()
    extend(listOnTop(m).items, items)
  },

  EMPTY_TUPLE: (m) => m.push(new TupleNode([])),
  TUPLE: (m) => m.push(new TupleNode(m.sinceMark())),
  TUPLE1: (m) => m.push(new TupleNode([m.pop()])),
  TUPLE2: (m) => {
    const last = m.pop()
    m.push(new TupleNode([m.pop(), last]))
  },
  TUPLE3: (m) => {
    const last = m.pop()
    const middle = m.pop()
    m.push(new TupleNode([m.pop(), middle, last]))
  },

  EMPTY_DICT: (m) => m.push(new DictNode()),
  DICT: (m) => {
    const node = new DictNode()
    addEntries(m, node, m.sinceMark())
    m.push(node)
  },
  SETITEM: (m) => {
    const value = m.pop()
    const key = m.pop()
    dictOnTop(m).add(key, value)
  },
  SETITEMS: (m) => {
    const entries = m.sinceMark()
    addEntries(m, dictOnTop(m), entries)
  },

  EMPTY_SET: (m) => m.push(new SetNode([], false)),
  ADDITEMS: (m) => {
    const items = m.sinceMark()
    const { top } = m
    if (!(top instanceof SetNode) || top.isFrozen) throw m.failures.malformed('ADDITEMS needs a set')
    extend(top.items, items)
  },
  FROZENSET: (m) => m.push(new SetNode(m.sinceMark(), true)),

  GLOBAL: (m) => {
    const module = m.input.line()
    m.push(globalNamed(module, m.input.line(), m.failures))
  },
  STACK_GLOBAL: (m) => {
    const name = m.pop()
    const module = m.pop()
    if (typeof module !== 'string' || typeof name !== 'string') throw m.failures.malformed('STACK_GLOBAL needs two texts')
    m.push(globalNamed(module, name, m.failures))
  },
  REDUCE: (m) => {
    const args = m.pop()
    call(m, m.pop(), args)
  },
  NEWOBJ: (m) => {
    const args = m.pop()
    call(m, m.pop(), args)
  },
  NEWOBJ_EX: (m) => {
    const named = m.pop()
    const args = m.pop()
    if (!(named instanceof DictNode) || named.entries.length > 0) throw m.failures.malformed('NEWOBJ_EX has named arguments')
    call(m, m.pop(), args)
  },
  INST: (m) => {
    const module = m.input.line()
    const cls = globalNamed(module, m.input.line(), m.failures)
    call(m, cls, new TupleNode(m.sinceMark()))
  },
  OBJ: (m) => {
    const [cls, ...args] = m.sinceMark()
    call(m, cls, new TupleNode(args))
  },
  BUILD: (m) => {
    const state = m.pop()
    build(m, m.top, state)
  },

  PERSID: (m) => refuse(m, 'a reference to an object outside of it'),
  BINPERSID: (m) => refuse(m, 'a reference to an object outside of it'),
  EXT1: (m) => refuse(m, 'a class of the extension registry'),
  EXT2: (m) => refuse(m, 'a class of the extension registry'),
  EXT4: (m) => refuse(m, 'a class of the extension registry'),
  NEXT_BUFFER: (m) => refuse(m, 'data that is not in the file'),
  READONLY_BUFFER: (m) => refuse(m, 'data that is not in the file'),
})

function operations(byName: Readonly<Record<keyof typeof OPCODES, Operation>>): (Operation | undefined)[] {
  const run = new Array<Operation | undefined>(256).fill(undefined)
  for (const [name, opcode] of Object.entries(OPCODES)) run[opcode] = byName[name as keyof typeof OPCODES]
  return run
}

function refuse(m: PickleMachine, what: string): never {
  throw m.failures.at(`the pickle has ${what}`)
}

function index(m: PickleMachine, line: string): number {
  if (!/^\d{1,15}$/.test(line)) throw m.failures.malformed('an index of the memo is no number')
  return Number(line)
}

function put(m: PickleMachine, at: number): void {
  if (!m.memo.set(at, m.top)) throw m.failures.malformed(`the memo's index ${at} is beyond the size of the file`)
}

function get(m: PickleMachine, at: number): void {
  const value = m.memo.get(at)
  if (value === undefined) throw m.failures.malformed(`the memo has no ${at}`)
  m.push(value)
}

function floatOf(m: PickleMachine, line: string): number {
  const [, sign, name] = /^([+-]?)(nan|inf|infinity)$/i.exec(line) ?? []
  if (name !== undefined) return name.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(line)) throw m.failures.malformed('a float is no number')
  return Number(line)
}

function decimal(m: PickleMachine, digits: string): number | bigint {
  if (digits.length > MOST_DIGITS + 1) throw m.failures.at(`an integer has more than ${MOST_DIGITS} digits`)
  if (!/^[+-]?\d+$/.test(digits)) throw m.failures.malformed('an integer is no number')
  const value = BigInt(digits.replace(/^\+/, ''))
  return shortest(value)
}

/** A little-endian integer of any length. */
function long(m: PickleMachine, length: number): number | bigint {
  if (length < 0) throw m.failures.malformed('an integer has a negative length')
  if (length > MOST_INTEGER_BYTES) throw m.failures.at(`an integer has ${length} bytes, more than ${MOST_INTEGER_BYTES}`)
  if (length <= 6) return length === 0 ? 0 : m.input.take(length).readIntLE(0, length)
  if (length === 8) return int64(m.input.take(length))
  // Not data(), of which long ones arrive later.
  const bytes = Buffer.from(m.input.take(length)).reverse()
  spend(32 * length)
  return shortest(BigInt.asIntN(8 * length, BigInt(`0x${bytes.toString('hex')}`)))
}

function int64(bytes: Buffer): number | bigint {
  const number = bytes.readInt32LE(4) * 2 ** 32 + bytes.readUInt32LE()
  return Number.isSafeInteger(number) ? number : bytes.readBigInt64LE()
}

function text(m: PickleMachine, length: number): void {
  const isLong = length >= m.input.longTextBytes
  const bytes = !isLong && length <= m.input.left ? m.input.take(length) : m.input.text(length)
  if (isLong) m.push(new TextNode(bytes, 'utf8', m.offset))
  else pushText(m, length, decodeUtf8(bytes))
}

/** A text of Python 2, which Python 3 takes for ASCII. */
function oldText(m: PickleMachine, length: number): void {
  if (length < 0) throw m.failures.malformed('a text has a negative length')
  if (length >= BULK_BYTES) throw m.failures.at('a text of Python 2 is too long')
  const decoded = m.input.data(length)
  pushText(m, length, decoded.every((byte) => byte < 0x80) ? Buffer.from(decoded).toString('latin1') : undefined)
}

function pushText(m: PickleMachine, length: number, decoded: string | undefined): void {
  if (decoded === undefined) throw m.failures.malformed('a text is not encoded as it should be')
  spend(length)
  m.push(decoded)
}

/** Adds many items; `push(...items)` would put all of them on the call stack. */
function extend(target: unknown[], items: readonly unknown[]): void {
  for (const item of items) target.push(item)
}

function listOnTop(m: PickleMachine): ListNode {
  const { top } = m
  if (!(top instanceof ListNode)) throw m.failures.malformed('APPEND needs a list')
  return top
}

function dictOnTop(m: PickleMachine): DictNode {
  const { top } = m
  if (!(top instanceof DictNode)) throw m.failures.malformed('SETITEM needs a dict')
  return top
}

function addEntries(m: PickleMachine, node: DictNode, entries: unknown[]): void {
  if (entries.length % 2 !== 0) throw m.failures.malformed('a key has no value')
  for (let i = 0; i < entries.length; i += 2) node.add(entries[i], entries[i + 1])
}

function call(m: PickleMachine, callable: unknown, args: unknown): void {
  if (!(callable instanceof GlobalNode) || !(args instanceof TupleNode)) throw m.failures.malformed('what it calls is no function')
  if (!callable.call) throw m.failures.malformed(`${callable.name} is not called`)
  m.push(callable.call(args.items, m))
}

function build(m: PickleMachine, target: unknown, state: unknown): void {
  if (target instanceof ArrayNode) return buildArray(target, state, m)
  if (target instanceof DtypeNode) return buildDtype(target, state, m)
  if (!(target instanceof InstanceNode) || !(state instanceof DictNode)) throw m.failures.malformed('BUILD needs an object and its dict')
  if (target.state) throw m.failures.malformed('an object has two states')
  target.state = state
}
