/**
 * Files of KiloSort and Phy folders made by hand: arrays of any type, and archives of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'
import { zip } from './zip.js'

const SETTERS = {
  i1: 'setInt8',
  u1: 'setUint8',
  i2: 'setInt16',
  u2: 'setUint16',
  i4: 'setInt32',
  u4: 'setUint32',
  i8: 'setBigInt64',
  u8: 'setBigUint64',
  f4: 'setFloat32',
  f8: 'setFloat64',
} as const

/** An NPY file of any type of numbers, such as `>u4`. The values are in the order of the file. */
export function npy(
  dtype: string,
  values: readonly (number | bigint)[],
  shape: readonly number[] = [values.length],
  fortran = false,
): Buffer {
  const size = Number(dtype[2])
  const view = new DataView(new ArrayBuffer(values.length * size))
  const setter = SETTERS[dtype.slice(1) as keyof typeof SETTERS]
  for (const [i, value] of values.entries()) {
    const number = setter.startsWith('setBig') ? BigInt(value) : Number(value)
    ;(view[setter] as (at: number, value: unknown, littleEndian: boolean) => void).call(view, i * size, number, dtype[0] !== '>')
  }
  return Buffer.concat([npyHeader(dtype, shape, fortran), Buffer.from(view.buffer)])
}

/** Files by name. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Makes a folder of files. */
export function folderOf(path: string, files: Files): string {
  mkdirSync(path, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  return path
}

/** An archive of a folder's files. */
export function zipOf(files: Files, { stored = false, folder = '' } = {}): Buffer {
  const method = stored ? 0 : 8
  return zip(Object.entries(files).map(([name, content]) => ({ name: `${folder}${name}`, data: Buffer.from(content), method })))
}
