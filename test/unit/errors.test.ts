/**
 * Errors: one sentence, a stable code, and the failures that native jobs report.
 */
import t from 'tap'
import { throwFailure } from '../../lib/engine/failures.js'
import type { JobFailure } from '../../lib/engine/native-addon.js'
import { Hdf5Error, invalidType, invalidValue, quoted, S3Error } from '../../lib/errors.js'

const thrownFor = (rejection: unknown): unknown => {
  try {
    return throwFailure(rejection)
  } catch (error) {
    return error
  }
}

t.test('one sentence for every value received', async (t) => {
  const received: [value: unknown, text: string][] = [
    [undefined, 'undefined'],
    [NaN, 'NaN'],
    [-0, '-0'],
    [5n, '5n'],
    ['x', "'x'"],
    ['two\nlines', "'two\\nlines'"],
    [Symbol('s'), 'Symbol(s)'],
    [() => {}, 'function (anonymous)'],
    [function named() {}, 'function named'],
    [new Error('of\nthe caller'), "'Error: of\\nthe caller'"],
    [[1, 2, 3, 4, 5], '[ 1, 2, 3, ... 2 more items ]'],
    [{ a: { b: 1 } }, '{ a: [Object] }'],
  ]
  for (const [value, text] of received) {
    t.equal(invalidType('a number', 'fsHz', value).message, `Expected a number for fsHz but received ${text}.`)
  }
  const long = invalidValue('a short one', 'name', 'x'.repeat(1000))
  t.ok(long.message.length < 200)
  t.match(long, { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' })
  t.match(invalidType('a number', 'fsHz', 'x'), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
})

t.test('an integer that is wrong by its value is shown by its digits, as ids given as numbers are checked as bigints', async (t) => {
  t.equal(invalidValue('0 or more', 'clusterIds[1]', -1n).message, 'Expected 0 or more for clusterIds[1] but received -1.')
  t.ok(invalidValue('int64', 'clusterIds[1]', 10n ** 5000n).message.length < 200)
})

/** Code that a terminal would run, lines, text that runs backwards, half characters. */
const UNPRINTABLE = 'a\u001b[2J\nb\u0085\u2028c\u202ed\u{e0001}\ud800'

t.test('nothing that a terminal or a log would obey', async (t) => {
  class Named {}
  Object.defineProperty(Named, 'name', { value: UNPRINTABLE })
  const values = [
    UNPRINTABLE,
    Symbol(UNPRINTABLE),
    Object.defineProperty(() => {}, 'name', { value: UNPRINTABLE }),
    new Error(UNPRINTABLE),
    new Named(),
    { [UNPRINTABLE]: 1, [Symbol.toStringTag]: UNPRINTABLE },
    new Map([[UNPRINTABLE, UNPRINTABLE]]),
  ]
  for (const value of values) {
    for (const error of [invalidType(UNPRINTABLE, UNPRINTABLE, value), invalidValue(UNPRINTABLE, UNPRINTABLE, value)]) {
      t.notMatch(error.message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u)
      t.match(error.message, /^Expected a.+ for a.+ but received .+\.$/)
    }
  }
  t.equal(quoted('a\u001bb\u202e\u{e0001}'), "'a\\x1bb\\u202e\\u{e0001}'")
  const job = thrownFor({ failure: 'value', message: `Expected a file but received '${UNPRINTABLE}'.` })
  t.notMatch((job as Error).message, /\p{Cc}/u)
  t.notMatch(new Hdf5Error(UNPRINTABLE, '').message, /\p{Cc}/u)
  t.notMatch(new S3Error('ERR_S3_UPLOAD', UNPRINTABLE, undefined).message, /\p{Cc}/u)
})

t.test('at most a line for every value received', async (t) => {
  const manyKeys = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key ${i}`, i]))
  const long = `${'\u001b'.repeat(40)}${'🧠'.repeat(1e6)}`
  for (const value of [
    manyKeys,
    [manyKeys],
    new Proxy(manyKeys, {}),
    long,
    Symbol(long),
    new Error(long),
    new Array(1e6).fill(long),
    AbortSignal.abort(),
  ]) {
    const error = invalidType(long, long, value)
    t.ok(error.message.length < 650, `${error.message.length} characters`)
    t.notMatch(error.message, /[\p{Cc}\p{Surrogate}]/u)
  }
  t.equal(invalidType('a number', 'fsHz', manyKeys).message, 'Expected a number for fsHz but received [Object].')
})

t.test('a value that cannot be shown does not hide the error', async (t) => {
  const fail = () => {
    throw new Error('from the value')
  }
  const hostile = [
    { [Symbol.for('nodejs.util.inspect.custom')]: fail },
    Object.defineProperty({}, Symbol.toStringTag, { get: fail }),
    Object.defineProperty(() => {}, 'name', { get: fail }),
    Object.defineProperty(new Error(), 'message', { get: fail }),
    new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }),
    new Proxy(() => {}, { get: fail }),
  ]
  for (const value of hostile) {
    t.match(invalidType('a number', 'fsHz', value), {
      code: 'ERR_INVALID_ARG_TYPE',
      message: /^Expected a number for fsHz but received .+\.$/,
    })
  }
})

t.test('failures of native jobs', async (t) => {
  const failures: [JobFailure, object][] = [
    [
      { failure: 'system', errno: 28, syscall: 'write', path: '/x' },
      { code: 'ENOSPC', errno: -28, syscall: 'write', path: '/x', message: "ENOSPC: no space left on device, write '/x'" },
    ],
    [
      { failure: 'system', errno: 122, syscall: 'write', path: '/x' },
      { code: 'EDQUOT', errno: -122 },
    ],
    [{ failure: 'system', errno: 9999, syscall: 'write', path: '/x' }, { code: 'errno 9999' }],
    [
      { failure: 'hdf5', message: 'refused', stack: 'H5Dcreate2: no' },
      { name: 'Hdf5Error', code: 'ERR_HDF5', cause: 'H5Dcreate2: no' },
    ],
    [
      { failure: 'value', message: 'Expected' },
      { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message: 'Expected' },
    ],
    [{ failure: 'memory' }, { code: 'ERR_MEMORY_ALLOCATION_FAILED' }],
    [{ failure: 'cancelled' }, { name: 'AbortError' }],
    [
      { failure: 'unexpected', message: 'odd' },
      { name: 'Error', message: 'odd' },
    ],
  ]
  for (const [failure, error] of failures) t.match(thrownFor(failure), error, failure.failure)
  t.ok(thrownFor(failures[3]![0]) instanceof Hdf5Error)
  for (const other of [new Error('x'), 5, null]) t.equal(thrownFor(other), other, 'anything else as it is')
})
