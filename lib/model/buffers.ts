/**
 * The bytes that native threads read: they must neither move nor go away while an array is alive.
 */
import { types } from 'node:util'
import { markAsUntransferable } from 'node:worker_threads'
import { invalidValue } from '../errors.js'
import type { NumericArray } from './ndarray.js'

/** Whether an array's bytes belong to this thread alone and keep their size: no SharedArrayBuffer, no resizable buffer. */
export function isFixed({ buffer }: NumericArray): boolean {
  return !types.isSharedArrayBuffer(buffer) && !(buffer as { resizable?: boolean }).resizable
}

/**
 * Makes an array safe to read from native threads for as long as it is referenced: its buffer can no longer be transferred.
 *
 * @returns the array itself
 * @throws RangeError for an array whose buffer was transferred, or is shared or resizable
 */
export function pin<T extends NumericArray>(array: T, name: string): T {
  requireAttached(array, name)
  if (!isFixed(array)) throw invalidValue('an array on a buffer that is neither shared nor resizable', name, array)
  markAsUntransferable(array.buffer)
  return array
}

/** Tells an array without elements from one whose buffer was transferred, which looks the same. */
export function requireAttached(array: NumericArray, name: string): void {
  if (array.buffer.byteLength === 0 && isDetached(array.buffer)) {
    throw invalidValue('an array whose buffer was not transferred', name, array)
  }
}

function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}
