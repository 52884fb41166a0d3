/**
 * NumPy arrays in what {@link unpickle} returns.
 */
import { Global, Made, type Tuple } from './unpickle.js'

export interface FoundArray {
  dtype: string
  shape: number[]
  bytes: Buffer
}

/** Checks that a value is an array in the form every numpy reads, and takes it apart. */
export function foundArray(value: unknown): FoundArray {
  if (!(value instanceof Made) || nameOf(value.by) !== 'numpy.core.multiarray _reconstruct') throw new Error('This is no array.')
  const [type, shell, letter] = value.args as [unknown, Tuple, Buffer]
  const isShell = nameOf(type) === 'numpy ndarray' && shell.items.join() === '0' && letter.toString() === 'b'
  if (!isShell) throw new Error('Wrong arguments.')
  const { items } = value.state as Tuple
  const [version, shape, dtype, isFortran, bytes] = items as [bigint, Tuple, Made, boolean, Buffer]
  if (items.length !== 5 || version !== 1n || isFortran !== false || !Buffer.isBuffer(bytes)) throw new Error('Wrong state.')
  if (nameOf(dtype.by) !== 'numpy dtype' || dtype.args.length !== 1) throw new Error('Wrong dtype.')
  return { dtype: dtype.args[0] as string, shape: shape.items.map(Number), bytes }
}

/** A list of float64 arrays as numbers. */
export function foundTrains(value: unknown): number[][] {
  return (value as unknown[]).map((item) => {
    const { dtype, shape, bytes } = foundArray(item)
    const times = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8))
    if (dtype !== '<f8' || shape.length !== 1 || shape[0] !== times.length) throw new Error('This is no train.')
    return times
  })
}

function nameOf(value: unknown): string {
  return value instanceof Global ? value.name : ''
}
