import { deepStrictEqual } from 'node:assert/strict'
import { createContext, runInContext } from 'node:vm'
import t from 'tap'
import type { PickleProtocol } from '../../lib/formats/pickle/output.js'
import { pickle } from '../../lib/formats/pickle/pickler.js'
import { LazyList, PythonObject, pyFloat, pyTuple } from '../../lib/formats/pickle/values.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'
import { render } from '../support/segments.js'
import { Global, type Made, Tuple, unpickle } from '../support/unpickle.js'

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const

function bytesOf(value: unknown, protocol: PickleProtocol): Buffer {
  return render(atOnce(pickle(value, protocol)))
}

/** What a value is in every protocol, which must be the same and use no opcode of a later one. */
function roundTrip(value: unknown): unknown {
  const results = PROTOCOLS.map((protocol) => {
    const result = unpickle(bytesOf(value, protocol))
    if (result.protocol > protocol) throw new Error(`Protocol ${protocol} uses an opcode of ${result.protocol}.`)
    return result.value
  })
  for (const other of results) deepStrictEqual(other, results[0])
  return results[0]
}

/** Bytes as Python shows them, without PROTO and STOP. */
function opcodes(value: unknown, protocol: PickleProtocol): string {
  const bytes = bytesOf(value, protocol)
  return bytes.toString('latin1', protocol < 2 ? 0 : 2, bytes.length - 1)
}

const dict = (entries: Record<string, unknown>) => new Map(Object.entries(entries))

t.test('small values are the opcodes that Python writes', async (t) => {
  const table: [value: unknown, protocol0: string, protocol1: string, protocol4: string][] = [
    [null, 'N', 'N', 'N'],
    [undefined, 'N', 'N', 'N'],
    [true, 'I01\n', 'I01\n', '\x88'],
    [false, 'I00\n', 'I00\n', '\x89'],
    [0, 'I0\n', 'K\0', 'K\0'],
    [255, 'I255\n', 'K\xff', 'K\xff'],
    [256, 'I256\n', 'M\0\x01', 'M\0\x01'],
    [65_536, 'I65536\n', 'J\0\0\x01\0', 'J\0\0\x01\0'],
    [-1, 'I-1\n', 'J\xff\xff\xff\xff', 'J\xff\xff\xff\xff'],
    [2 ** 31, 'L2147483648L\n', 'L2147483648L\n', '\x8a\x05\0\0\0\x80\0'],
    [-(2 ** 31) - 1, 'L-2147483649L\n', 'L-2147483649L\n', '\x8a\x05\xff\xff\xff\x7f\xff'],
    [-(2n ** 39n), 'L-549755813888L\n', 'L-549755813888L\n', '\x8a\x05\0\0\0\0\x80'],
    [7n, 'I7\n', 'K\x07', 'K\x07'],
    [1.5, 'F1.5\n', 'G?\xf8\0\0\0\0\0\0', 'G?\xf8\0\0\0\0\0\0'],
    [-0, 'F-0\n', 'G\x80\0\0\0\0\0\0\0', 'G\x80\0\0\0\0\0\0\0'],
    [pyFloat(2), 'F2\n', 'G@\0\0\0\0\0\0\0', 'G@\0\0\0\0\0\0\0'],
    ['aé', 'Va\xe9\n', 'X\x03\0\0\0a\xc3\xa9', '\x8c\x03a\xc3\xa9'],
    ['\\🧠', 'V\\u005c\\U0001f9e0\n', 'X\x05\0\0\0\\\xf0\x9f\xa7\xa0', '\x8c\x05\\\xf0\x9f\xa7\xa0'],
    ['\n\ud83e', 'V\\u000a\\ud83e\n', 'X\x04\0\0\0\n\xed\xa0\xbe', '\x8c\x04\n\xed\xa0\xbe'],
    [[1], '(lp0\nI1\na', ']q\0K\x01a', ']q\0K\x01a'],
    [{ a: 1 }, '(dp0\nVa\np1\nI1\ns', '}q\0X\x01\0\0\0aq\x01K\x01s', '}q\0\x8c\x01aq\x01K\x01s'],
    [pyTuple(1), '(I1\ntp0\n', '(K\x01tq\0', '(K\x01tq\0'],
    [new Set([1]), 'c__builtin__\nset\n((lI1\natRp0\n', 'c__builtin__\nset\n(]K\x01atRq\0', 'cbuiltins\nset\n(]K\x01atRq\0'],
  ]
  for (const [value, ...wanted] of table)
    t.same(
      [0, 1, 4].map((p) => opcodes(value, p as PickleProtocol)),
      wanted,
    )
})

t.test('protocols 2 and later begin with their number', async (t) => {
  for (const protocol of PROTOCOLS) {
    const bytes = bytesOf(null, protocol)
    t.same([...bytes], protocol < 2 ? [0x4e, 0x2e] : [0x80, protocol, 0x4e, 0x2e])
  }
})

t.test('whole numbers are ints, others floats', async () => {
  const ints = [0, 1, -1, 127, 128, -128, -129, 2 ** 53 - 1, -(2 ** 53) + 1]
  deepStrictEqual(roundTrip(ints), ints.map(BigInt))
  const bigints = [0n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 2039n, -(2n ** 2040n), 10n ** 4000n]
  deepStrictEqual(roundTrip(bigints), bigints)
  const floats = [0.1, -0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 2 ** 53]
  deepStrictEqual(roundTrip(floats), floats)
  deepStrictEqual(roundTrip([pyFloat(2), pyFloat(-0)]), [2, -0])
})

t.test('integers of any size keep their value', async () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }), (n) => roundTrip(n) === n))
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => roundTrip(n) === BigInt(n)))
})

t.test('text keeps every code unit', async () => {
  fc.assert(fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (s) => roundTrip(s) === s))
  const brain = '🧠'.repeat(9000)
  const texts = ['', '\0\r\n\x1a\\u0041', 'a'.repeat(300), brain, `x${brain}`, '\ud800'.repeat(20_000), '\udc00\ud800']
  deepStrictEqual(roundTrip(texts), texts)
})

t.test('containers', async () => {
  const value = {
    list: [1.5, , undefined, null, []],
    tuple: pyTuple('a', pyTuple(), [0.5]),
    map: new Map<unknown, unknown>([
      ['k', 0.5],
      [pyTuple('t'), null],
      [null, true],
      ['none', undefined],
    ]),
    set: new Set(['a', null, pyTuple('b')]),
    empty: [{}, new Map(), new Set()],
    nothing: undefined,
  }
  deepStrictEqual(
    roundTrip(value),
    dict({
      list: [1.5, null, null, null, []],
      tuple: new Tuple('a', new Tuple(), [0.5]),
      map: new Map<unknown, unknown>([
        ['k', 0.5],
        [new Tuple('t'), null],
        [null, true],
      ]),
      set: new Set(['a', null, new Tuple('b')]),
      empty: [new Map(), new Map(), new Set()],
    }),
  )
})

t.test('any JSON keeps its value and the order of its keys', async () => {
  const expected = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value
    if (Array.isArray(value)) return value.map(expected)
    if (typeof value !== 'object' || value === null) return value
    return new Map(Object.entries(value).map(([key, item]) => [key, expected(item)]))
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const found = roundTrip(value)
      deepStrictEqual(found, expected(value))
      deepStrictEqual(JSON.stringify(flat(found)), JSON.stringify(flat(expected(value))))
    }),
  )
})

/** Maps as lists of entries, in order; bigints as text. */
function flat(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(flat)
  return value instanceof Map ? [...value].map(([key, item]) => [key, flat(item)]) : value
}

t.test('names of keys are written once', async (t) => {
  const units = Array.from({ length: 3 }, () => ({ electrode: 0.5, 'a longer name': null }))
  for (const protocol of PROTOCOLS) t.equal(bytesOf(units, protocol).toString('latin1').split('electrode').length, 2)
  const names = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key ${i}`, null]))
  const [first, second] = roundTrip([names, { ...names }]) as Map<string, unknown>[]
  deepStrictEqual(first, dict(names))
  deepStrictEqual(second, first)
})

t.test('keys that mean something in JavaScript mean nothing here', async (t) => {
  const value = JSON.parse('{"__proto__": {"polluted": true}, "constructor": null, "toString": "x"}')
  const found = roundTrip(value) as Map<string, unknown>
  t.same([...found.keys()], ['__proto__', 'constructor', 'toString'])
  t.same(found.get('__proto__'), new Map([['polluted', true]]))
})

t.test('objects without prototype and of other realms', async () => {
  const source = '({ list: [null], map: new Map([["a", 0.5]]), set: new Set(["b"]), o: { x: "y" } })'
  const foreign = runInContext(source, createContext())
  const wanted = dict({ list: [null], map: dict({ a: 0.5 }), set: new Set(['b']), o: dict({ x: 'y' }) })
  deepStrictEqual(roundTrip(foreign), wanted)
  deepStrictEqual(roundTrip(Object.assign(Object.create(null), { x: 'y' })), dict({ x: 'y' }))
})

t.test('what appears twice is one object', async (t) => {
  const shared = [[], {}, new Map(), new Set(['a']), pyTuple('a')]
  for (const one of shared) {
    const [first, second] = roundTrip([one, one]) as unknown[]
    t.equal(first, second)
  }
})

t.test('what contains itself', async (t) => {
  const list: unknown[] = []
  list.push(list)
  const found = roundTrip(list) as unknown[]
  t.equal(found[0], found)

  const object: Record<string, unknown> = {}
  object['map'] = new Map([['object', object]])
  const dictFound = roundTrip(object) as Map<string, Map<string, unknown>>
  t.equal(dictFound.get('map')?.get('object'), dictFound)

  for (const extra of [[], [1, 2, 3, 4]]) {
    const inner: unknown[] = []
    const tuple = pyTuple(inner, ...extra)
    inner.push(tuple)
    const tupleFound = roundTrip(tuple) as Tuple
    t.equal(tupleFound.items.length, 1 + extra.length)
    t.equal((tupleFound.items[0] as unknown[])[0], tupleFound)
    const innerFound = roundTrip(inner) as Tuple[]
    t.equal(innerFound[0]?.items[0], innerFound)
  }
})

t.test('a tuple that is a member and appears elsewhere too', async (t) => {
  const tuple = pyTuple('a', pyTuple('b'))
  const [before, set, map, after] = roundTrip([tuple, new Set([tuple]), new Map([[tuple, tuple]]), tuple]) as [
    Tuple,
    Set<Tuple>,
    Map<Tuple, Tuple>,
    Tuple,
  ]
  deepStrictEqual(before, new Tuple('a', new Tuple('b')))
  deepStrictEqual(set, new Set([before]))
  t.same([...map].flat(), [after, after])
})

t.test('more objects than one generation of the memo holds', async (t) => {
  const units = Array.from({ length: 70_000 }, () => ({}))
  const { value } = unpickle(bytesOf([...units, units[0], units[69_999]], 5))
  const found = value as object[]
  t.equal(found.length, 70_002)
  t.equal(found[70_000], found[0])
  t.equal(found[70_001], found[69_999])
})

t.test('depth has no limit', async (t) => {
  const root: unknown[] = []
  let innermost = root
  for (let depth = 1; depth < 1e6; depth++) {
    const next: unknown[] = []
    innermost.push(next)
    innermost = next
  }
  let found = unpickle(bytesOf(root, 5)).value as unknown[]
  let depth = 1
  for (; found.length > 0; depth++) found = found[0] as unknown[]
  t.equal(depth, 1e6)
})

t.test('instances are made without __init__', async () => {
  const source = {}
  const self = new PythonObject(source, 'a.module', 'Thing', [])
  const value = new PythonObject(source, 'a.module', 'Thing', [
    ['x', 0.5, 'X'],
    ['self', self, 'self'],
  ])
  for (const protocol of PROTOCOLS) {
    const made = unpickle(bytesOf(value, protocol)).value as Made
    const thing = new Global('a.module Thing')
    const reconstructor = new Global('copy_reg _reconstructor')
    const wanted = protocol >= 2 ? [thing, []] : [reconstructor, [thing, new Global('__builtin__ object'), null]]
    deepStrictEqual([made.by, made.args], wanted)
    deepStrictEqual(made.state, dict({ x: 0.5, self: made }))
  }
})

t.test('items of a lazy list are made as they are written', async (t) => {
  const made: number[] = []
  const list = new LazyList([1, 2, 3], (n) => (made.push(n), pyTuple(pyFloat(n))))
  const steps = pickle(list, 5)
  t.same(made, [])
  deepStrictEqual(unpickle(render(atOnce(steps))).value, [new Tuple(1), new Tuple(2), new Tuple(3)])
  t.same(made, [1, 2, 3])
})
