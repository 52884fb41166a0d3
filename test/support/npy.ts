/**
 * Reads the NPY files the exports write.
 */
import { readFile } from 'node:fs/promises'

const ARRAYS = { '<i4': Int32Array, '<i8': BigInt64Array, '<f4': Float32Array, '<f8': Float64Array }

export type NpyValues = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>

export async function readNpy(path: string): Promise<{ dtype: string; shape: number[]; values: NpyValues }> {
  const bytes = await readFile(path)
  const start = 10 + bytes.readUInt16LE(8)
  const [, dtype = '', axes = ''] = /'descr': '(<..)'.*'shape': \(([\d, ]*)\)/.exec(bytes.toString('latin1', 10, start)) ?? []
  const shape = axes.split(',').filter(Boolean).map(Number)
  const values = new ARRAYS[dtype as keyof typeof ARRAYS](Uint8Array.from(bytes.subarray(start)).buffer)
  const count = shape.reduce((product, length) => product * length, 1)
  if (values.length !== count) throw new Error(`${path} has ${values.length} elements, its header says ${count}.`)
  return { dtype, shape, values }
}
