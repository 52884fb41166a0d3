/**
 * Errors: one sentence, a stable code, and what native jobs tell of their failures.
 */
import t from 'tap'
import { Hdf5Error, invalidType, invalidValue } from '../lib/errors.js'
import { throwFailure } from '../lib/failure.js'
import type { JobFailure } from '../lib/binding.js'

const thrownFor = (rejection: unknown): unknown => {
  try {
    return throwFailure(rejection)
  } catch (error) {
    return error
  }
}

t.test('one sentence, whatever was received', async (t) => {
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

t.test('a value that cannot be shown does not hide the error', async (t) => {
  const hostile = {
    [Symbol.for('nodejs.util.inspect.custom')]() {
      throw new Error('from the value')
    },
  }
  t.match(invalidType('a number', 'fsHz', hostile), { code: 'ERR_INVALID_ARG_TYPE', message: /^Expected a number for fsHz/ })
})

t.test('failures of native jobs', async (t) => {
  const failures: [JobFailure, object][] = [
    [
      { failure: 'system', errno: 28, syscall: 'write', path: '/x' },
      { code: 'ENOSPC', errno: -28, syscall: 'write', path: '/x', message: "ENOSPC: no space left on device, write '/x'" },
    ],
    [{ failure: 'system', errno: 122, syscall: 'write', path: '/x' }, { code: 'EDQUOT', errno: -122 }],
    [{ failure: 'system', errno: 9999, syscall: 'write', path: '/x' }, { code: 'errno 9999' }],
    [{ failure: 'hdf5', message: 'refused', stack: 'H5Dcreate2: no' }, { name: 'Hdf5Error', code: 'ERR_HDF5', cause: 'H5Dcreate2: no' }],
    [{ failure: 'value', message: 'Expected' }, { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message: 'Expected' }],
    [{ failure: 'memory' }, { code: 'ERR_MEMORY_ALLOCATION_FAILED' }],
    [{ failure: 'cancelled' }, { name: 'AbortError' }],
    [{ failure: 'unexpected', message: 'odd' }, { name: 'Error', message: 'odd' }],
  ]
  for (const [failure, error] of failures) t.match(thrownFor(failure), error, failure.failure)
  t.ok(thrownFor(failures[3]![0]) instanceof Hdf5Error)
  for (const other of [new Error('x'), 5, null]) t.equal(thrownFor(other), other, 'anything else as it is')
})
