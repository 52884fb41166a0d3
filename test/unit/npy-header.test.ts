import t from 'tap'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'

/**
 * The text of headers that numpy.save of numpy 1.24 to 2.5 writes, without the padding at its end, and the length of all of it.
 */
const HEADERS: [dtype: string, shape: number[], fortranOrder: boolean, text: string, bytes: number][] = [
  ['<f8', [], false, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 128],
  ['<f8', [0], false, "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", 128],
  ['<i8', [3], false, "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", 128],
  ['|u1', [12, 0], false, "{'descr': '|u1', 'fortran_order': False, 'shape': (12, 0), }", 128],
  ['<i2', [2, 3, 4], false, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3, 4), }", 128],
  ['<f4', [1, 1000000], true, "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1000000), }", 128],
  ['<f8', [1e15, 7], false, "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000, 7), }", 128],
]

t.test('headers are those of numpy', async (t) => {
  for (const [dtype, shape, fortranOrder, text, bytes] of HEADERS) {
    const header = Buffer.from(npyHeader(dtype, shape, fortranOrder))
    t.equal(header.toString('latin1', 0, 8), '\x93NUMPY\x01\x00', 'magic and version')
    t.equal(header.readUInt16LE(8), header.length - 10, 'length')
    t.equal(header.toString('latin1', 10).trimEnd(), text)
    t.equal(header.length, bytes)
    t.equal(header.at(-1), 0x0a, 'newline at the end')
  }
})

t.test('there is room for the digits of the axis an array grows along', async (t) => {
  // Each dimension is 3 characters; 16 of them fill 128 bytes only with the 20 spare ones of the growing axis.
  const lengths = Array.from({ length: 40 }, (_, ndim) => npyHeader('<f8', new Array(ndim).fill(1)).length)
  t.equal(lengths.indexOf(192), 15)
  t.equal(lengths.indexOf(256), 36)
  t.equal(npyHeader('<f8', new Array(35).fill(1)).length, 192)
  const grown = [1, ...new Array(14).fill(1)]
  for (const digits of [1, 5, 16]) {
    grown[0] = 10 ** (digits - 1)
    t.equal(npyHeader('<f8', grown).length, npyHeader('<f8', new Array(15).fill(1)).length, `${digits} digits`)
  }
})

t.test('without shape nothing grows', async (t) => {
  t.equal(npyHeader('<f8', []).length, 128)
  t.match(Buffer.from(npyHeader('<f8', [])).toString('latin1', 10), /^\{.*\(\), \} {62}\n$/)
})

t.test('there are 1 to 64 bytes of padding, even where the header ends on the boundary', async (t) => {
  for (let ndim = 1; ndim < 300; ndim++) {
    const header = Buffer.from(npyHeader('<f8', new Array(ndim).fill(1)))
    t.equal(header.length % 64, 0)
    const padding = header.length - 1 - (header.lastIndexOf('}') + 1) - 20
    t.ok(padding >= 1 && padding <= 64, `${ndim} axes`)
  }
})

t.test('a header beyond 65,535 bytes is of version 2.0', async (t) => {
  const last = Buffer.from(npyHeader('<f8', new Array(21_817).fill(1)))
  t.same([...last.subarray(6, 8)], [1, 0])
  const next = Buffer.from(npyHeader('<f8', new Array(21_818).fill(1)))
  t.same([...next.subarray(6, 8)], [2, 0])
  t.equal(next.readUInt32LE(8), next.length - 12)
  t.equal(next.length % 64, 0)
})
