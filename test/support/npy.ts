/**
 * Reads the NPY files the exports write.
 */
import { readFile } from 'node:fs/promises'

export async function readNpy(path: string): Promise<{ dtype: string; values: BigInt64Array | Float64Array }> {
  const bytes = await readFile(path)
  const start = 10 + bytes.readUInt16LE(8)
  const [, dtype = '', count = ''] = /'descr': '(<.8)'.*'shape': \((\d+),\)/.exec(bytes.toString('latin1', 10, start)) ?? []
  const data = Uint8Array.from(bytes.subarray(start)).buffer
  const values = dtype === '<i8' ? new BigInt64Array(data) : new Float64Array(data)
  if (values.length !== Number(count)) throw new Error(`${path} has ${values.length} elements, its header says ${count}.`)
  return { dtype, values }
}
