import t from 'tap'
import type { PickleProtocol } from '../../lib/formats/pickle/output.js'
import { pickle } from '../../lib/formats/pickle/pickler.js'
import { PyFloat, PythonObject, pyFloat, pyTuple } from '../../lib/formats/pickle/values.js'
import { atOnce } from '../../lib/steps.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

/** Pickles a value as the metadata of an object. */
function write(metadata: unknown, protocol: PickleProtocol = 5): void {
  atOnce(pickle(new PythonObject({}, 'm', 'C', [['python_name', metadata, 'metadata']]), protocol))
}

class Probe {}

function argumentsOf(..._: unknown[]): unknown {
  return arguments
}

t.test('values without a counterpart in Python are named by their path', async (t) => {
  const loop: Record<string, unknown> = {}
  loop['again'] = [loop, { fn() {} }]
  const table: [value: unknown, path: string][] = [
    [() => 1, 'metadata'],
    [{ probe: { fn() {} } }, 'metadata.probe.fn'],
    [{ channels: [0, 1, new Date(0)] }, 'metadata.channels[2]'],
    [{ 'two words': { '': Symbol('s') } }, "metadata['two words']['']"],
    [{ dé$_1: new Probe() }, 'metadata.dé$_1'],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [7, new ArrayBuffer(1)],
      ]),
      'metadata[7]',
    ],
    [new Set(['a', Symbol('s')]), 'metadata[1]'],
    [pyTuple(1, [/x/]), 'metadata[1][0]'],
    [loop, 'metadata.again[1].fn'],
    [[new Error('e'), 1], 'metadata[0]'],
    [[new DataView(new ArrayBuffer(1))], 'metadata[0]'],
    [[Promise.resolve()], 'metadata[0]'],
    [[new WeakMap()], 'metadata[0]'],
    [[new Number(1)], 'metadata[0]'],
    [[Math], 'metadata[0]'],
    [[argumentsOf(1)], 'metadata[0]'],
    [[new Proxy(new Map(), {})], 'metadata[0]'],
  ]
  for (const [value, path] of table) {
    const message = `Expected a value that has a counterpart in Python for ${path} but received `
    t.throws(() => write(value), { ...TYPE, message: new RegExp(`^${escaped(message)}`) }, path)
  }
  t.throws(() => atOnce(pickle(Symbol('s'), 5)), { ...TYPE, message: /for value but received Symbol/ })
})

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

t.test('keys and members must be what Python can hash', async (t) => {
  const table: [value: unknown, path: string][] = [
    [{ s: new Set([1, [2]]) }, 'metadata.s[1]'],
    [{ s: new Set([pyTuple('a', pyTuple({}))]) }, 'metadata.s[0][1][0]'],
    [{ s: new Set([new Set()]) }, 'metadata.s[0]'],
    [{ m: new Map([[Uint8Array.of(1), 1]]) }, 'metadata.m[Uint8Array(1) [ 1 ]]'],
  ]
  for (const [value, path] of table) {
    const message = `Expected a string, number, boolean, null or tuple, which Python can hash, for ${path} but received `
    t.throws(() => write(value), { ...TYPE, message: new RegExp(`^${escaped(message)}`) }, path)
  }
  const tuple = pyTuple([])
  t.throws(() => write([tuple, new Set([tuple])]), { ...TYPE, message: /for metadata\[1\]\[0\]\[0\] but/ }, 'known already')
  t.doesNotThrow(() => write(new Map([['key', [new Set(['a'])]]])), 'values need not be')
})

t.test('keys and members that Python considers equal', async (t) => {
  const keys = (...keys: unknown[]) => ({ m: new Map(keys.map((key) => [key, 'x'])) })
  const members = (...members: unknown[]) => ({ s: new Set(members) })
  const table: [value: unknown, key: string][] = [
    [keys(1, true), 'a key that equals no other in Python for metadata.m[true] but received true.'],
    [keys(1n, 'a', 1), 'a key that equals no other in Python for metadata.m[1n] but received 1.'],
    [keys(pyFloat(0.5), 0.5), 'a key that equals no other in Python for metadata.m[PyFloat { value: 0.5 }] but received'],
    [keys(pyFloat(2), pyFloat(2)), 'a key that equals no other in Python for metadata.m[PyFloat { value: 2 }] but received'],
    [keys(0, pyFloat(-0)), 'a key that equals no other in Python for metadata.m[PyFloat { value: -0 }] but received'],
    [keys(2 ** 60, 2n ** 60n), 'a key that equals no other in Python for metadata.m[1152921504606846976n] but received'],
    [keys(null, undefined), 'a key that equals no other in Python for metadata.m[undefined] but received undefined.'],
    [members('a', false, 0n), 'a member that equals no other in Python for metadata.s[1] but received false.'],
    [members(true, pyFloat(1)), 'a member that equals no other in Python for metadata.s[1] but received PyFloat { value: 1 }.'],
    [members(pyFloat(7), 7n), 'a member that equals no other in Python for metadata.s[0] but received PyFloat { value: 7 }.'],
  ]
  for (const [value, message] of table) t.throws(() => write(value), { ...VALUE, message: `Expected ${message}` })
  for (const value of [
    keys('1', 1, 2n, pyFloat(1.5), null, 'null', false, 2n ** 60n, 2 ** 60 + 256, 10n ** 400n, Infinity),
    members(NaN, pyFloat(NaN), pyFloat(NaN)),
    [keys(1), keys(true)],
    {
      m: new Map<unknown, unknown>([
        [1, 'x'],
        [true, undefined],
      ]),
    },
    {
      m: new Map<unknown, unknown>([
        [1, undefined],
        [true, 'x'],
      ]),
    },
  ]) {
    t.doesNotThrow(() => write(value))
  }
})

t.test('what a getter or a proxy throws comes through', async (t) => {
  const mine = new Error('mine')
  const fail = () => {
    throw mine
  }
  const values = [
    Object.defineProperty({}, 'x', { enumerable: true, get: fail }),
    new Proxy({}, { ownKeys: fail }),
    new Proxy([1], { get: fail }),
  ]
  for (const value of values) {
    try {
      write(value)
      t.fail('nothing was thrown')
    } catch (error) {
      t.equal(error, mine)
    }
  }
})

t.test('integers that Python would not read', async (t) => {
  const message = /^Expected protocol 2 or later \(an integer has more than 4300 digits\) for protocol but received 1\.$/
  t.throws(() => write(10n ** 4300n, 1), { ...VALUE, message })
  t.doesNotThrow(() => write(10n ** 4299n, 1))
  t.doesNotThrow(() => write(10n ** 4300n, 2))
})

t.test('markers', async (t) => {
  t.throws(() => pyFloat('2' as never), { ...TYPE, message: "Expected a number for pyFloat but received '2'." })
  t.ok(Object.isFrozen(pyFloat(1)))
  t.type(pyFloat(1), PyFloat)
  const items = [1]
  const tuple = pyTuple(...items)
  t.ok(Object.isFrozen(tuple) && Object.isFrozen(tuple.items))
})
