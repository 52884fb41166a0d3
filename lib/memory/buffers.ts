/**
 * Pins the buffers that native threads read: they must neither move nor be detached while an array is alive.
 */
import { types } from 'node:util'
import workerThreads from 'node:worker_threads'
import { invalidValue } from '../errors.js'
import type { NumericArray } from './typed-arrays.js'
import { bufferBytes, bufferOf, isResizable, lengthOf } from './typed-arrays.js'

/** Missing in Node 20 and its types; later versions have it. */
const { isMarkedAsUntransferable } = workerThreads as { isMarkedAsUntransferable?: (buffer: ArrayBufferLike) => boolean }

/** The memory of WebAssembly comes in whole pages of this many bytes; hardly any other buffer does. */
const WASM_PAGE_BYTES = 65_536

/** Whether a buffer of whole pages may be WebAssembly's, so that each is tried once. */
const wasmVerdicts = new WeakMap<ArrayBufferLike, boolean>()

/** Node 20 has no such methods. */
const CAN_TRANSFER = 'transfer' in ArrayBuffer.prototype

/** On Node 22 these take the bytes of a buffer in spite of its mark. */
const TRANSFERS_REFUSED: PropertyDescriptorMap = {
  transfer: { value: refuseTransfer },
  transferToFixedLength: { value: refuseTransfer },
}
const TRANSFERS = Object.keys(TRANSFERS_REFUSED)

/**
 * Whether an array's bytes belong to this thread alone, keep their size, and can be kept from being transferred: no
 * SharedArrayBuffer, no resizable or frozen buffer, no memory of WebAssembly.
 */
export function isFixed(array: NumericArray): boolean {
  const buffer = bufferOf(array)
  if (types.isSharedArrayBuffer(buffer) || isResizable(buffer)) return false
  return Object.isExtensible(buffer) && takesRefusals(buffer) && !isWasmMemory(buffer)
}

/** Whether a buffer has no properties of its own that stand in the way of {@link TRANSFERS_REFUSED}. */
function takesRefusals(buffer: ArrayBufferLike): boolean {
  return !CAN_TRANSFER || TRANSFERS.every((name) => isRefusable(Object.getOwnPropertyDescriptor(buffer, name)))
}

function isRefusable(own: PropertyDescriptor | undefined): boolean {
  return own === undefined || own.configurable === true || own.value === refuseTransfer
}

/**
 * Makes an array safe to read from native threads for as long as it is referenced: its buffer can no longer be transferred.
 *
 * @returns the array itself
 * @throws RangeError for an array whose buffer was transferred, or is not {@link isFixed}
 */
export function pin<T extends NumericArray>(array: T, name: string): T {
  requireAttached(array, name)
  if (!isFixed(array)) {
    throw invalidValue('an array on a buffer that is neither shared, resizable, frozen nor WebAssembly memory', name, array)
  }
  return pinOwn(array)
}

/** The same for an array that was made here, without any check. */
export function pinOwn<T extends NumericArray>(array: T): T {
  const buffer = bufferOf(array)
  // Without bytes there is nothing to read, and the empty memory of WebAssembly must stay unmarked.
  if (bufferBytes(buffer) === 0) return array
  // Node marks the memory of addons itself. With a second mark, Node 24 cannot release it at exit, and aborts.
  if (!isMarkedAsUntransferable?.(buffer)) workerThreads.markAsUntransferable(buffer)
  if (CAN_TRANSFER) Object.defineProperties(buffer, TRANSFERS_REFUSED)
  return array
}

/** Distinguishes an empty array from one whose buffer was transferred: both have length 0. */
export function requireAttached(array: NumericArray, name: string): void {
  if (lengthOf(array) === 0 && isDetached(bufferOf(array))) {
    throw invalidValue('an array whose buffer was not transferred', name, array)
  }
}

/**
 * Whether a buffer is the memory of a WebAssembly instance, as far as JavaScript can detect it. Growing detaches it, or
 * ends the process when the buffer is marked (Node 24).
 *
 * Such memory cannot be transferred, nor can what is marked: Node's pool for small Buffers, the memory of addons. Only Node 21
 * and later distinguish these; on Node 20 they count as WebAssembly's.
 */
function isWasmMemory(buffer: ArrayBufferLike): boolean {
  const bytes = bufferBytes(buffer)
  if (bytes === 0 || bytes % WASM_PAGE_BYTES !== 0) return false
  const known = wasmVerdicts.get(buffer)
  if (known !== undefined) return known
  const verdict = !isMarkedAsUntransferable?.(buffer) && !isTransferable(buffer)
  wasmVerdicts.set(buffer, verdict)
  return verdict
}

/**
 * Asks for a transfer of a buffer that is listed twice. Node never does that, and gives this reason only where the buffer could
 * be transferred at all.
 */
function isTransferable(buffer: ArrayBufferLike): boolean {
  try {
    structuredClone(0, { transfer: [buffer as ArrayBuffer, buffer as ArrayBuffer] })
    return false
  } catch (error) {
    return String(error).includes('duplicate')
  }
}

function refuseTransfer(): never {
  throw new TypeError('Cannot transfer this ArrayBuffer, because the threads of spikeport may read it at any time.')
}

function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}
