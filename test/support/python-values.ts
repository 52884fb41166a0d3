/**
 * What JavaScript values are once they have been in a pickle: those that Python does not distinguish have one form.
 */
import type { PyFloat, PyTuple } from '../../lib/index.js'
import { pyFloat, pyTuple } from '../../lib/index.js'
import { isNDArray } from '../../lib/memory/ndarray.js'

const Float = pyFloat(0).constructor as new (value: number) => PyFloat
const Tuple = pyTuple().constructor as new (items: readonly unknown[]) => PyTuple

/** Containers that hold themselves have to be left out. */
export function afterPickling(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Float) return Number.isSafeInteger(value.value) && !Object.is(value.value, -0) ? value : value.value
  if (value instanceof Tuple) return pyTuple(...value.items.map(afterPickling))
  if (Array.isArray(value)) return value.map(afterPickling)
  if (value instanceof Set) return new Set([...value].map(afterPickling))
  if (value instanceof Map) return dict([...value])
  if (value instanceof Uint8ClampedArray) return Uint8Array.from(value)
  if (ArrayBuffer.isView(value)) return value
  if (isNDArray(value)) return value.shape.length === 1 ? afterPickling(value.data) : value
  return dict(Object.entries(value))
}

function dict(entries: [unknown, unknown][]): unknown {
  const known = entries
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [afterPickling(key), afterPickling(value)] as const)
  if (!known.every(([key]) => typeof key === 'string')) return new Map(known)
  const object = {}
  for (const [key, value] of known)
    Object.defineProperty(object, key as string, { value, writable: true, enumerable: true, configurable: true })
  return object
}
