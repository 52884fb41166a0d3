/**
 * Results of spike sorters, byte by byte.
 */
import type { ZipEntry } from './zip.js'
import { zip } from './zip.js'

export function npy(descr: string, shape: string, data: Uint8Array | string = ''): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`
  const length = Buffer.of(header.length & 0xff, header.length >> 8)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), length, Buffer.from(header), Buffer.from(data as string, 'latin1')])
}

export const float64 = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer)
export const int64 = (...values: number[]) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
export const npz = (arrays: Record<string, Uint8Array>) =>
  zip(Object.entries(arrays).map(([name, data]): ZipEntry => ({ name: `${name}.npy`, data })))

/** A list of units as the pickle of an array of Python objects. */
export const objects = (opcodes: string, count: number) =>
  npy(
    "'|O'",
    `(${count},)`,
    `cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01K${String.fromCharCode(count)}\x85cnumpy\ndtype\nU\x02O8\x85R\x89](${opcodes}etb.`,
  )
export const FS = npy("'<f8'", '()', float64(20_000))
/** A unit of the samples 20 and 40. */
export const train = (bytes = '\x14\0\0\0\0\0\0\0\x28\0\0\0\0\0\0\0') =>
  `cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01K\x02\x85cnumpy\ndtype\nU\x03<i8\x85R\x89C\x10${bytes}tb`
export const unit = (...entries: string[]) => `}(${['U\x07unit_idK\x05', `U\x0bspike_train${train()}`, ...entries].join('')}u`
