/**
 * Reads the internal slots of callers' typed arrays and buffers. Own properties and methods of subclasses can return anything, while
 * native code uses the slots: no other file may read `length`, `buffer`, … of a caller's array or call its methods. Reading elements by
 * index is safe: it cannot be overridden.
 */

/** The typed arrays whose elements are numbers of a fixed size. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** A class for each dtype. */
export const ARRAY_TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
] as const

/** The constructor of a class. */
export type ArrayType = new (length: number) => NumericArray

/** A class of numeric arrays. */
type NumericArrayClass = (typeof ARRAY_TYPES)[number] | Uint8ClampedArrayConstructor

/** What is the same for all arrays of one class. */
interface Kind {
  readonly type: NumericArrayClass
  /** The little-endian numpy type string. */
  readonly dtype: string
}

/** By the name of the class. */
const KINDS: ReadonlyMap<string | undefined, Kind> = new Map(
  [...ARRAY_TYPES, Uint8ClampedArray].map((type) => [type.name, { type, dtype: dtypeOfType(type) }]),
)

const TYPES: ReadonlyMap<string, ArrayType> = new Map(ARRAY_TYPES.map((type) => [dtypeOfType(type), type]))

function dtypeOfType({ name, BYTES_PER_ELEMENT: size }: NumericArrayClass): string {
  const kind = name.startsWith('Float') ? 'f' : name.includes('Uint') ? 'u' : 'i'
  return `${size === 1 ? '|' : '<'}${kind}${size}`
}

/** The getter of a prototype as a function of the object. */
function getterOf<T>(prototype: object, property: PropertyKey): (object: unknown) => T {
  const getter = Object.getOwnPropertyDescriptor(prototype, property)?.get
  return Function.prototype.call.bind(getter as (this: unknown) => T)
}

const TypedArrayPrototype: object = Object.getPrototypeOf(Int8Array.prototype)

/** The name of a typed array's class; undefined for anything else. */
const nameOf = getterOf<string | undefined>(TypedArrayPrototype, Symbol.toStringTag)
const trueLength = getterOf<number>(TypedArrayPrototype, 'length')
const trueBuffer = getterOf<ArrayBufferLike>(TypedArrayPrototype, 'buffer')
const trueByteOffset = getterOf<number>(TypedArrayPrototype, 'byteOffset')
const unsharedByteLength = getterOf<number>(ArrayBuffer.prototype, 'byteLength')
const isUnsharedResizable = getterOf<boolean>(ArrayBuffer.prototype, 'resizable')

/** Whether a value is a typed array of numbers, of any subclass or realm: a Buffer is a Uint8Array, a DataView is none. */
export function isNumericArray(value: unknown): value is NumericArray {
  return KINDS.has(nameOf(value))
}

function kindOf(array: NumericArray): Kind {
  return KINDS.get(nameOf(array)) as Kind
}

/** How many elements an array has. */
export function lengthOf(array: NumericArray): number {
  return trueLength(array)
}

/** How many entries a list has, which may be a typed array. */
export function countIn(list: { readonly length: unknown }): unknown {
  return isNumericArray(list) ? lengthOf(list) : list.length
}

/** The numpy type string of an array, such as `<f8` for a Float64Array. */
export function dtypeOf(array: NumericArray): string {
  return kindOf(array).dtype
}

/** The class of arrays of a dtype, such as `<f8`. */
export function arrayTypeOf(dtype: string): ArrayType {
  return TYPES.get(dtype) as ArrayType
}

/** The size of an element in bytes. */
export function itemBytesOf(array: NumericArray): number {
  return kindOf(array).type.BYTES_PER_ELEMENT
}

/** The buffer that an array is on. */
export function bufferOf(array: NumericArray): ArrayBufferLike {
  return trueBuffer(array)
}

/** Elements `from` to `to - 1` of an array, which has them, as an array without properties of its own. Not copied. */
export function partOf<T extends NumericArray>(array: T, from: number, to: number): T {
  const { type } = kindOf(array)
  return new type(trueBuffer(array) as ArrayBuffer, trueByteOffset(array) + from * type.BYTES_PER_ELEMENT, to - from) as T
}

/** The bytes of an array. Not copied. */
export function bytesOf(array: NumericArray): Uint8Array {
  return new Uint8Array(trueBuffer(array), trueByteOffset(array), trueLength(array) * itemBytesOf(array))
}

/** The size in bytes of a buffer that is not shared. */
export function bufferBytes(buffer: ArrayBufferLike): number {
  return unsharedByteLength(buffer)
}

/** Whether a buffer that is not shared can change its size. */
export function isResizable(buffer: ArrayBufferLike): boolean {
  return isUnsharedResizable(buffer)
}

/** The dtype of an array that `numpy.array` makes of two of these: `numpy.promote_types`. */
export function promotedDtype(a: string, b: string): string {
  if (a === b) return a
  const [kindA, kindB] = [a[1], b[1]]
  const [sizeA, sizeB] = [Number(a[2]), Number(b[2])]
  if (kindA === kindB) return sizeA > sizeB ? a : b
  if (kindA === 'f' || kindB === 'f') {
    const sizes = [a, b].map((dtype) => (dtype[1] === 'f' ? Number(dtype[2]) : Number(dtype[2]) > 2 ? 8 : 4))
    return `<f${Math.max(...sizes)}`
  }
  const [signed, signedSize, unsignedSize] = kindA === 'i' ? [a, sizeA, sizeB] : [b, sizeB, sizeA]
  if (signedSize > unsignedSize) return signed
  return unsignedSize === 8 ? '<f8' : `<i${2 * unsignedSize}`
}
