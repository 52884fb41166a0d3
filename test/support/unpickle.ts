/**
 * A small pickle machine for the tests: runs the opcodes that the writer may use, and no Python.
 *
 * An `int` is a bigint here and a `float` a number, so that the tests can distinguish them.
 */

/** A class or function by name. */
export class Global {
  constructor(readonly name: string) {}
}

export class Tuple {
  readonly items: readonly unknown[]

  constructor(...items: readonly unknown[]) {
    this.items = items
  }
}

/** What calling something makes, and the state that BUILD gave it. */
export class Made {
  state: unknown

  constructor(
    readonly by: unknown,
    readonly args: readonly unknown[],
  ) {}
}

export interface Unpickled {
  value: unknown
  /** The highest protocol that any opcode needs. */
  protocol: number
}

/** The opcodes of each protocol. */
const OPCODES = ['(.0abcdFgIlLNpRstV', 'GhJKMqX}]jr', '\x8a\x8b\x89\x81\x88\x80', 'BC', '\x8e\x8c']

const MARK = Symbol('mark')

export function unpickle(bytes: Buffer): Unpickled {
  const stack: unknown[] = []
  const memo = new Map<number, unknown>()
  let at = 0
  let protocol = 0

  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error('The pickle ends early.')
    return bytes.subarray(at, (at += length))
  }
  const line = () =>
    take(bytes.indexOf('\n', at) + 1 - at)
      .subarray(0, -1)
      .toString('latin1')
  const size = (width: number) => (width === 8 ? Number(take(8).readBigUInt64LE()) : take(width).readUIntLE(0, width))
  const pop = () => {
    if (stack.length === 0) throw new Error('The stack is empty.')
    return stack.pop()
  }
  const sinceMark = () => {
    const mark = stack.lastIndexOf(MARK)
    const items = stack.splice(mark).slice(1)
    if (mark < 0) throw new Error('There is no mark.')
    return items
  }
  const recall = (index: number) => {
    if (!memo.has(index)) throw new Error(`The memo has no ${index}.`)
    return memo.get(index)
  }
  const integer = (text: string) => (text === '01' ? true : text === '00' ? false : BigInt(text))

  const run: Record<string, () => void> = {
    '(': () => stack.push(MARK),
    0: () => pop(),
    a: () => {
      const item = pop()
      ;(stack.at(-1) as unknown[]).push(item)
    },
    s: () => {
      const [key, value] = stack.splice(-2)
      ;(stack.at(-1) as Map<unknown, unknown>).set(key, value)
    },
    b: () => {
      const state = pop()
      ;(stack.at(-1) as Made).state = state
    },
    R: () => {
      const [by, args] = stack.splice(-2)
      stack.push(call(by, args as Tuple))
    },
    '\x81': () => {
      const [by, args] = stack.splice(-2)
      stack.push(new Made(by, (args as Tuple).items))
    },
    c: () => stack.push(new Global(`${line()} ${line()}`)),
    d: () => {
      const items = sinceMark()
      if (items.length > 0) throw new Error('A dict is begun empty here.')
      stack.push(new Map())
    },
    l: () => stack.push(sinceMark()),
    t: () => stack.push(new Tuple(...sinceMark())),
    ']': () => stack.push([]),
    '}': () => stack.push(new Map()),
    N: () => stack.push(null),
    '\x88': () => stack.push(true),
    '\x89': () => stack.push(false),
    F: () => stack.push(Number(line())),
    G: () => stack.push(take(8).readDoubleBE()),
    I: () => stack.push(integer(line())),
    L: () => stack.push(BigInt(line().slice(0, -1))),
    J: () => stack.push(BigInt(take(4).readInt32LE())),
    K: () => stack.push(BigInt(size(1))),
    M: () => stack.push(BigInt(size(2))),
    '\x8a': () => stack.push(signed(take(size(1)))),
    '\x8b': () => stack.push(signed(take(size(4)))),
    V: () => stack.push(unescape(line())),
    X: () => stack.push(decode(take(size(4)))),
    '\x8c': () => stack.push(decode(take(size(1)))),
    B: () => stack.push(take(size(4))),
    C: () => stack.push(take(size(1))),
    '\x8e': () => stack.push(take(size(8))),
    p: () => memo.set(Number(line()), stack.at(-1)),
    q: () => memo.set(size(1), stack.at(-1)),
    r: () => memo.set(size(4), stack.at(-1)),
    g: () => stack.push(recall(Number(line()))),
    h: () => stack.push(recall(size(1))),
    j: () => stack.push(recall(size(4))),
    '\x80': () => (protocol = Math.max(protocol, size(1))),
  }

  for (;;) {
    const opcode = take(1).toString('latin1')
    protocol = Math.max(
      protocol,
      OPCODES.findIndex((opcodes) => opcodes.includes(opcode)),
    )
    if (opcode === '.') break
    const action = run[opcode]
    if (!action) throw new Error(`There is no opcode ${JSON.stringify(opcode)}.`)
    action()
  }
  const value = pop()
  if (stack.length > 0 || at < bytes.length) throw new Error('Something is left over.')
  return { value, protocol }
}

/** Calls what stands for itself in Node; anything else is {@link Made}. */
function call(by: unknown, { items }: Tuple): unknown {
  const name = by instanceof Global ? by.name : ''
  if (name === '_codecs encode') return Buffer.from(items[0] as string, 'latin1')
  if (name === '__builtin__ set' || name === 'builtins set') return new Set(items[0] as unknown[])
  return new Made(by, items)
}

/** UTF-8 in which surrogates may stand alone. */
function decode(bytes: Buffer): string {
  const units: string[] = []
  for (let from = 0, at = 0; at <= bytes.length; at++) {
    const isSurrogate = bytes[at] === 0xed && (bytes[at + 1] as number) >= 0xa0
    if (!isSurrogate && at < bytes.length) continue
    units.push(bytes.toString('utf8', from, at))
    if (isSurrogate) units.push(String.fromCharCode(0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)))
    from = at += isSurrogate ? 3 : 0
    if (isSurrogate) at--
  }
  return units.join('')
}

function unescape(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g, (_, short, long) => String.fromCodePoint(parseInt(short ?? long, 16)))
}

function signed(bytes: Buffer): bigint {
  const unsigned = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`)
  return BigInt.asIntN(bytes.length * 8, unsigned)
}
