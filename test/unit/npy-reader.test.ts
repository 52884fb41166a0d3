import t from 'tap'
import type { NpyHeader } from '../../lib/files/npy.js'
import { npyHeaderFrom, readNpyHeader, readNpyNumbers, readNpyTexts } from '../../lib/files/npy.js'
import { InMemory } from '../../lib/files/random-access.js'
import { FormatError } from '../../lib/index.js'
import { fc } from '../support/property.js'

const PLACE = { path: 'a.npy' }

/** An NPY file of any header and data. */
function npy(header: string, data: Uint8Array | number = 0, version = 1): Buffer {
  const text = Buffer.from(header, version === 3 ? 'utf8' : 'latin1')
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) length.writeUInt16LE(text.length)
  else length.writeUInt32LE(text.length)
  const bytes = typeof data === 'number' ? Buffer.alloc(data) : data
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, text, bytes])
}

const header = (descr: string, shape: string, order = 'False') => `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`

const read = (bytes: Buffer): NpyHeader => npyHeaderFrom(bytes, bytes.length, PLACE)

async function numbers(bytes: Buffer): Promise<unknown> {
  const file = new InMemory(bytes)
  return readNpyNumbers(file, await readNpyHeader(file, PLACE), PLACE)
}

async function texts(bytes: Buffer): Promise<unknown> {
  const file = new InMemory(bytes)
  return readNpyTexts(file, await readNpyHeader(file, PLACE), PLACE)
}

t.test('headers of all versions, with either quote and keys in any order', async (t) => {
  const forms = [
    header("'<f8'", '(2, 3)'),
    '{"shape":(2,3),"descr":"<f8","fortran_order":False}',
    `  {'fortran_order' : False,'shape':( 2 , 3, ) , "descr": '<f8'}  `,
    header("'<f8'", '(2L, 3L)'),
  ]
  for (const version of [1, 2, 3]) {
    for (const form of forms) {
      const { dtype, shape, isFortranOrder, count, dataStart } = read(npy(form, 48, version))
      t.same([dtype, shape, isFortranOrder, count], [{ kind: 'f', itemBytes: 8, isBigEndian: false }, [2, 3], false, 6])
      t.equal(dataStart, (version === 1 ? 10 : 12) + form.length)
    }
  }
  t.same(read(npy(header("'|S5'", '()'), 5)).shape, [])
  t.same(read(npy(header("'<i4'", '(7,)', 'True'), 28)).isFortranOrder, true)
  t.same(read(npy(header("[('µ', '<i8'), ('unit_index', '<i8')]", '(2,)'), 32, 3)).fields?.[0]?.name, 'µ')
})

t.test('what is no header of numpy is an error that names the file', async (t) => {
  const bad: [string, Buffer, RegExp][] = [
    ['another format', Buffer.from('PK\x03\x04 and more'), /not an NPY file/],
    ['an empty file', Buffer.alloc(0), /not an NPY file/],
    ['version 4', npy(header("'<f8'", '(1,)'), 8, 4), /version 4\.0/],
    ['a header that is cut off', npy(header("'<f8'", '(1,)')).subarray(0, 40), /cut off/],
    ['a long header', npy(`${header("'<f8'", '(1,)')}${' '.repeat(10_000)}`, 8), /more than 10000/],
    ['a call', npy(header('__import__("os")', '(1,)'), 8), /no dict/],
    ['another key', npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", 8), /no dict/],
    ['a missing key', npy("{'descr': '<f8', 'shape': (1,)}", 8), /no dict/],
    ['two dicts', npy(`${header("'<f8'", '(1,)')}{}`, 8), /no dict/],
    ['deep nesting', npy('('.repeat(9000)), /no dict/],
    ['an order of text', npy(header("'<f8'", '(1,)', "'True'"), 8), /fortran_order/],
    ['a list as shape', npy(header("'<f8'", '[1]'), 8), /shape/],
    ['a negative axis', npy(header("'<f8'", '(-1,)'), 8), /no dict/],
    ['an axis that is no int', npy(header("'<f8'", '(True,)'), 8), /shape/],
    ['an axis beyond integers', npy(header("'<f8'", '(99999999999999999999,)'), 8), /shape/],
    ['65 axes', npy(header("'<f8'", `(${'1,'.repeat(65)})`), 8), /shape/],
    ['more elements than data', npy(header("'<f8'", '(2,)'), 15), /2 elements of 8 bytes, and 15 bytes follow/],
    ['2⁴⁰ elements', npy(header("'<f8'", '(1099511627776,)'), 15), /1099511627776 elements/],
    ['a product beyond all numbers', npy(header("'<f8'", `(${'9007199254740991,'.repeat(40)}0)`), 15), /claims NaN elements/],
    ['16-byte floats', npy(header("'<f16'", '(1,)'), 16), /<f16 are not supported/],
    ['records within records', npy(header("[('a', [('b', '<i8')])]", '(1,)'), 16), /record are not supported/],
    ['more Python objects than bytes', npy(header("'|O'", '(4,)'), 3), /4 elements/],
  ]
  for (const [name, bytes, message] of bad) {
    t.throws(() => read(bytes), { name: 'FormatError', code: 'ERR_INVALID_FILE', path: 'a.npy', message }, name)
  }
})

t.test('numbers of every type, byte order and order of axes', async (t) => {
  const bigEndian = Buffer.alloc(16)
  bigEndian.writeDoubleBE(1.5)
  bigEndian.writeDoubleBE(-0, 8)
  t.same(await numbers(npy(header("'>f8'", '(2,)'), bigEndian)), Float64Array.of(1.5, -0))
  t.same(await numbers(npy(header("'>i8'", '(1,)'), Buffer.of(255, 255, 255, 255, 255, 255, 255, 254))), BigInt64Array.of(-2n))
  t.same(await numbers(npy(header("'|b1'", '(2,)'), Buffer.of(0, 1))), Uint8Array.of(0, 1))
  t.same(await numbers(npy(header("'|i1'", '(1,)'), Buffer.of(255))), Int8Array.of(-1))
  t.same(await numbers(npy(header("'>u2'", '(1,)'), Buffer.of(1, 2))), Uint16Array.of(258))
  const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7bff, 0x8000).buffer)
  t.same(await numbers(npy(header("'<f2'", '(6,)'), halves)), Float32Array.of(1, -2, 2 ** -24, Infinity, 65_504, -0))
  const fortran = new Uint8Array(Int32Array.of(1, 4, 2, 5, 3, 6).buffer)
  t.same(await numbers(npy(header("'<i4'", '(2, 3)', 'True'), fortran)), Int32Array.of(1, 2, 3, 4, 5, 6))
  const complex = new Uint8Array(Float32Array.of(1, -1, 3, -3, 2, -2, 4, -4).buffer)
  t.same(await numbers(npy(header("'<c8'", '(2, 2)', 'True'), complex)), Float32Array.of(1, -1, 2, -2, 3, -3, 4, -4))
  await t.rejects(numbers(npy(header("'<U1'", '(1,)'), 4)), FormatError)
})

t.test('axes in Fortran order come in C order, as in a plain transposition', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), async (shape) => {
      const size = shape.reduce((product, axis) => product * axis)
      const stored = new Uint16Array(size)
      for (let i = 0; i < size; i++) {
        // The index of C order, axis by axis, at its place in Fortran order.
        const index: number[] = []
        for (let axis = shape.length - 1, left = i; axis >= 0; axis--) {
          index[axis] = left % (shape[axis] as number)
          left = Math.floor(left / (shape[axis] as number))
        }
        let place = 0
        for (let axis = shape.length - 1; axis >= 0; axis--) place = place * (shape[axis] as number) + (index[axis] as number)
        stored[place] = i
      }
      const bytes = npy(header("'<u2'", `(${shape.join()},)`, 'True'), new Uint8Array(stored.buffer))
      t.same(
        await numbers(bytes),
        Uint16Array.from({ length: size }, (_, i) => i),
      )
    }),
  )
})

t.test('texts, bytes and dates', async (t) => {
  const ucs4 = (...codes: number[]) => new Uint8Array(Uint32Array.from(codes).buffer)
  t.same(await texts(npy(header("'<U2'", '(3,)'), ucs4(97, 0x1f9e0, 98, 0, 0, 0))), ['a🧠', 'b', ''])
  t.same(await texts(npy(header("'<U1'", '(2,)'), ucs4(0x11_0000, 0xd83e))), ['\ufffd', '\ud83e'])
  t.same(await texts(npy(header("'|S2'", '(2,)'), Buffer.from('\xc2\xb5\xb5\0', 'latin1'))), ['µ', 'µ'])
  const dates = (descr: string, ...counts: bigint[]) =>
    texts(npy(header(`'${descr}'`, `(${counts.length},)`), new Uint8Array(BigInt64Array.from(counts).buffer)))
  t.same(await dates('<M8[ns]', 1_714_564_800_000_000_001n, -1n), ['2024-05-01T12:00:00.000000001', '1969-12-31T23:59:59.999999999'])
  t.same(await dates('<M8[D]', 19_844n, -(2n ** 63n)), ['2024-05-01', null])
  t.same(await dates('<M8[M]', 652n), ['2024-05'])
  t.same(await dates('<M8[Y]', -1n), ['1969'])
  t.same(await dates('<M8[25s]', 2n), ['1970-01-01T00:00:50'])
  t.same(await dates('<M8[W]', 1n), ['1970-01-08'])
  t.same(await dates('<M8[h]', 25n), ['1970-01-02T01'])
  t.same(await dates('<M8[m]', 61n), ['1970-01-01T01:01'])
  await t.rejects(texts(npy(header("'<U0'", '(1000000000000,)'))), /empty texts/)
  await t.rejects(texts(npy(header("'<f8'", '(1,)'), 8)), /not text/)
  await t.rejects(texts(npy(header("'|S1'", '(1, 1)'), 8)), /2 axes/)
})

t.test('no bytes make anything but a header or a FormatError', (t) => {
  const seeds = [
    npy(header("'<f8'", '(2, 3)'), 48),
    npy(header("[('a', '<i8'), ('b', '|S3')]", '(2,)'), 22, 3),
    npy(header("'<U3'", '()'), 12, 2),
  ]
  fc.assert(
    fc.property(fc.nat(2), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 }), fc.nat(150), (seed, changes, cut) => {
      const bytes = Buffer.from(seeds[seed] as Buffer)
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
      const shorter = bytes.subarray(0, Math.max(cut, 0))
      try {
        const { count, itemBytes, dataStart } = read(shorter)
        return count * itemBytes + dataStart <= shorter.length
      } catch (error) {
        return error instanceof FormatError
      }
    }),
  )
  t.end()
})

t.test('a signal stops the read of an array between two pieces', async (t) => {
  const size = 40 * 2 ** 20
  for (const [read, descr] of [
    [readNpyNumbers, "'<f8'"],
    [readNpyTexts, "'|S8'"],
  ] as const) {
    const bytes = npy(header(descr, `(${size / 8},)`), size)
    const controller = new AbortController()
    const reason = new Error('stop')
    let pieces = 0
    const file = {
      size: bytes.length,
      async read(target: Uint8Array, position: number) {
        bytes.copy(target, 0, position, position + target.length)
        if (++pieces === 2) controller.abort(reason)
      },
    }
    const head = npyHeaderFrom(bytes, bytes.length, PLACE)
    await t.rejects(read(file, head, PLACE, controller.signal) as Promise<unknown>, reason)
    t.equal(pieces, 2)
  }
})
