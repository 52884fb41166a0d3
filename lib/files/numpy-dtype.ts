/**
 * NumPy's type strings, such as `<f8`, `|b1`, `<U12` or `<M8[ns]`, and the elements of arrays of these types as JavaScript has them.
 */
import { isUtf8 } from 'node:buffer'
import { unset } from '../memory/allocation.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { inRanges, isDue, spend } from '../steps.js'

/** What an element is: boolean, signed or unsigned integer, float, complex number, date, bytes, text, or a Python object. */
export type DtypeKind = 'b' | 'i' | 'u' | 'f' | 'c' | 'M' | 'S' | 'U' | 'O'

/** A type of elements. */
export interface Dtype {
  readonly kind: DtypeKind
  /** The size of an element in bytes. */
  readonly itemBytes: number
  readonly isBigEndian: boolean
  /** What dates count, and how many of these at a time: `[ns]` or `[25us]`. */
  readonly unit?: string
  readonly unitCount?: number
}

/** The sizes that each kind has; text and bytes have any. */
const SIZES: Readonly<Record<DtypeKind, readonly number[] | undefined>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
  c: [8, 16],
  M: [8],
  O: [8],
  S: undefined,
  U: undefined,
}

const TYPE_STRING = /^([<>=|]?)([biufcMSUO?])(\d{0,10})(?:\[(\d{0,9})([YMWDhmsfpnua]s?)\])?$/

/** The units of dates, and how many seconds, months or parts of a second each is. */
const DATE_UNITS = new Set(['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'])

/** A type string as numpy writes it; undefined for a type that is not supported here, such as records and 16-byte floats. */
export function parseDtype(text: string): Dtype | undefined {
  const match = TYPE_STRING.exec(text)
  if (!match) return undefined
  const [, order, letter, digits = '', unitCount, unit] = match
  const kind = (letter === '?' ? 'b' : letter) as DtypeKind
  const size = digits === '' ? defaultSize(kind) : Number(digits)
  if (!(SIZES[kind]?.includes(size) ?? true)) return undefined
  // A character is four bytes.
  const itemBytes = kind === 'U' ? 4 * size : size
  const plain = { kind, itemBytes, isBigEndian: order === '>' }
  if (unit === undefined) return plain
  if (kind !== 'M' || !DATE_UNITS.has(unit)) return undefined
  return { ...plain, unit, unitCount: unitCount ? Number(unitCount) : 1 }
}

/** numpy's names of types by what is in them and their bits, such as `uint16`, and those without bits. */
const WITH_BITS = /^(int|uint|float|complex)(\d{1,3})$/
const WITHOUT_BITS: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ bool: 'b1', byte: 'i1', ubyte: 'u1', short: 'i2', ushort: 'u2', int: 'i8', uint: 'u8' }),
  ...Object.entries({ intc: 'i4', uintc: 'u4', int_: 'i8', long: 'i8', ulong: 'u8', longlong: 'i8', ulonglong: 'u8' }),
  ...Object.entries({ half: 'f2', single: 'f4', double: 'f8', float: 'f8', complex: 'c16' }),
  // Of one letter, where `b` is no boolean.
  ...Object.entries({ '?': 'b1', b: 'i1', B: 'u1', h: 'i2', H: 'u2', i: 'i4', I: 'u4', l: 'i8', L: 'u8', q: 'i8', Q: 'u8' }),
  ...Object.entries({ e: 'f2', f: 'f4', d: 'f8', F: 'c8', D: 'c16' }),
])

/** A type as `numpy.dtype` takes it, by its name or as a type string; undefined for what is no type of numbers here. */
export function numbersNamed(text: string): Dtype | undefined {
  const [, kind, bits] = WITH_BITS.exec(text) ?? []
  const dtype = parseDtype(kind === undefined ? (WITHOUT_BITS.get(text) ?? text) : `${kind[0]}${Number(bits) / 8}`)
  return dtype && isNumeric(dtype) ? dtype : undefined
}

function defaultSize(kind: DtypeKind): number {
  if (kind === 'b') return 1
  return kind === 'M' || kind === 'O' ? 8 : 0
}

/** Whether elements become numbers in a typed array: booleans do, as 0 and 1, and complex numbers as pairs of floats. */
export function isNumeric({ kind }: Dtype): boolean {
  return 'biufc'.includes(kind)
}

/** The type string of the typed array that numbers of a type become: floats of two bytes become ones of four. */
export function arrayDtype({ kind, itemBytes }: Dtype): string {
  if (kind === 'b') return '|u1'
  if (kind === 'c') return `<f${itemBytes / 2}`
  if (kind === 'f') return `<f${Math.max(4, itemBytes)}`
  return `${itemBytes === 1 ? '|' : '<'}${kind}${itemBytes}`
}

/** A type as numpy writes it. */
export function typeString(dtype: Dtype): string {
  const { kind, itemBytes, isBigEndian, unit, unitCount } = dtype
  const size = kind === 'U' ? itemBytes / 4 : itemBytes
  const dates = unit === undefined ? '' : `[${unitCount === 1 ? '' : unitCount}${unit}]`
  if (kind === 'O') return '|O'
  if (kind === 'b' || kind === 'S' || itemBytes === 1) return `|${kind}${size}`
  return `${isBigEndian ? '>' : arrayDtype(dtype)[0] === '|' ? '|' : '<'}${kind}${size}${dates}`
}

type ArrayOnBuffer = new (buffer: ArrayBufferLike, start: number, length: number) => NumericArray

/** The class of typed arrays for each type string of {@link arrayDtype}. */
const CLASSES: ReadonlyMap<string, ArrayOnBuffer> = new Map(
  ['|i1', '|u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '<f4', '<f8'].map((dtype) => [
    dtype,
    arrayTypeOf(dtype) as unknown as ArrayOnBuffer,
  ]),
)

/** Numbers as a typed array on the memory of their bytes, which is aligned for them; undefined where they have to be converted first. */
export function numbersOn({ buffer, byteOffset, length }: Uint8Array, dtype: Dtype): NumericArray | undefined {
  const { kind, itemBytes, isBigEndian } = dtype
  const width = kind === 'c' ? itemBytes / 2 : itemBytes
  if ((isBigEndian && width > 1) || (kind === 'f' && width === 2)) return undefined
  return new (CLASSES.get(arrayDtype(dtype)) as ArrayOnBuffer)(buffer, byteOffset, length / width)
}

/**
 * Numbers as a typed array.
 *
 * @param bytes - the elements, which may be overwritten, in memory that is aligned for them; the result is on the same memory but for
 *   floats of two bytes
 */
export function* numbersFrom(bytes: Uint8Array, dtype: Dtype): Steps<NumericArray> {
  const width = dtype.kind === 'c' ? dtype.itemBytes / 2 : dtype.itemBytes
  if (dtype.isBigEndian && width > 1) yield* swapBytes(bytes, width)
  const isHalf = dtype.kind === 'f' && width === 2
  if (isHalf) return yield* halvesAsFloats(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2))
  return numbersOn(bytes, { ...dtype, isBigEndian: false }) as NumericArray
}

function* swapBytes(bytes: Uint8Array, width: number): Steps<void> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const swap = { 2: 'swap16', 4: 'swap32', 8: 'swap64' }[width] as 'swap16' | 'swap32' | 'swap64'
  yield* inRanges(bytes.length / width, (from, to) => view.subarray(from * width, to * width)[swap]())
}

function* halvesAsFloats(halves: Uint16Array): Steps<Float32Array> {
  const floats = unset(Float32Array, halves.length)
  yield* inRanges(halves.length, (from, to) => {
    for (let i = from; i < to; i++) floats[i] = halfAsNumber(halves[i] as number)
  })
  return floats
}

/** An IEEE 754 binary16. */
function halfAsNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** How far apart the neighbours along each axis are in Fortran order, `each` numbers to an element. */
export function fortranStrides(shape: readonly number[], each = 1): number[] {
  let stride = each
  return shape.map((axis) => {
    const own = stride
    stride *= axis
    return own
  })
}

/** How far apart they are in C order. */
export function cStrides(shape: readonly number[], each = 1): number[] {
  return fortranStrides(shape.toReversed(), each).reverse()
}

/**
 * Elements in C order.
 *
 * @param strides - how far apart the neighbours along each axis are in `data`
 * @param each - how many numbers there are to an element
 */
export function* inCOrder(data: NumericArray, shape: readonly number[], strides: readonly number[], each = 1): Steps<NumericArray> {
  if (data.length === 0 || shape.filter((axis) => axis > 1).length < 2) return data
  // Of one class, though TypeScript does not know.
  const source = data as Float64Array
  const ordered = unset(arrayTypeOf(dtypeOf(data)), data.length) as Float64Array
  const index = shape.map(() => 0)
  let at = 0
  yield* inRanges(data.length / each, (from, to) => {
    for (let i = from; i < to; i++) {
      for (let part = 0; part < each; part++) ordered[i * each + part] = source[at + part] as number
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += strides[axis] as number
        index[axis] = (index[axis] as number) + 1
        if ((index[axis] as number) < (shape[axis] as number)) break
        at -= (strides[axis] as number) * (shape[axis] as number)
        index[axis] = 0
      }
    }
  })
  return ordered
}

/** Elements that are texts, bytes or dates, as texts; a date that is none (NaT) as null. */
export function* textsFrom(bytes: Uint8Array, dtype: Dtype, count: number): Steps<(string | null)[]> {
  const texts: (string | null)[] = []
  const { itemBytes } = dtype
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < count; i++) {
    const from = i * itemBytes
    if (dtype.kind === 'U') texts.push(codePoints(view, from, itemBytes, !dtype.isBigEndian))
    else if (dtype.kind === 'S') texts.push(bytesAsText(bytes.subarray(from, from + itemBytes)))
    else texts.push(dateText(view.getBigInt64(from, !dtype.isBigEndian), dtype))
    spend(itemBytes)
    if (isDue()) yield
  }
  return texts
}

/** UCS-4, filled up with zeros. What is no code point becomes U+FFFD. */
function codePoints(view: DataView, from: number, length: number, isLittleEndian: boolean): string {
  let end = from + length
  while (end > from && view.getUint32(end - 4) === 0) end -= 4
  let text = ''
  for (let at = from; at < end; at += 4) {
    const code = view.getUint32(at, isLittleEndian)
    text += String.fromCodePoint(code > 0x10_ffff ? 0xfffd : code)
  }
  return text
}

/** Bytes that are filled up with zeros, as UTF-8 where they are, otherwise as latin-1. */
function bytesAsText(bytes: Uint8Array): string {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  const own = Buffer.from(bytes.buffer, bytes.byteOffset, end)
  return own.toString(isUtf8(own) ? 'utf8' : 'latin1')
}

const NOT_A_TIME = -(2n ** 63n)

/** Each unit of dates that is a part of a second: how many of them a second has, as a power of ten. */
const DIGITS_OF_SECOND: Readonly<Record<string, number>> = { s: 0, ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 }
const SECONDS: Readonly<Record<string, bigint>> = { W: 604_800n, D: 86_400n, h: 3600n, m: 60n }

/** A count since 1970 as numpy prints it: `2024-05-01T12:00:00.000`. Without a unit, the count itself. */
function dateText(value: bigint, { unit, unitCount = 1 }: Dtype): string | null {
  if (value === NOT_A_TIME) return null
  const count = value * BigInt(unitCount)
  if (unit === undefined) return String(count)
  if (unit === 'Y' || unit === 'M') return monthText(unit === 'Y' ? count * 12n : count, unit)
  const digits = DIGITS_OF_SECOND[unit]
  if (digits === undefined) return clockText(count * (SECONDS[unit] as bigint), unit)
  const perSecond = 10n ** BigInt(digits)
  const seconds = floorDivide(count, perSecond)
  const fraction = digits === 0 ? '' : `.${String(count - seconds * perSecond).padStart(digits, '0')}`
  return clockText(seconds, unit) + fraction
}

function monthText(months: bigint, unit: string): string {
  const years = floorDivide(months, 12n)
  const year = yearText(1970n + years)
  return unit === 'Y' ? year : `${year}-${String(months - years * 12n + 1n).padStart(2, '0')}`
}

/** Seconds since 1970: a date, with hours, minutes and seconds where the unit has them. */
function clockText(seconds: bigint, unit: string): string {
  const days = floorDivide(seconds, 86_400n)
  const date = dayText(days)
  if (unit === 'W' || unit === 'D') return date
  const rest = Number(seconds - days * 86_400n)
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  const [hours, minutes] = [two(rest / 3600), two((rest % 3600) / 60)]
  if (unit === 'h') return `${date}T${hours}`
  return `${date}T${hours}:${minutes}${unit === 'm' ? '' : `:${two(rest % 60)}`}`
}

/** The Gregorian date of a count of days since 1970, after Howard Hinnant's `civil_from_days`. */
function dayText(days: bigint): string {
  const shifted = days + 719_468n
  const era = floorDivide(shifted, 146_097n)
  const dayOfEra = Number(shifted - era * 146_097n)
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1
  const civilMonth = month < 10 ? month + 3 : month - 9
  const year = BigInt(yearOfEra) + era * 400n + (civilMonth <= 2 ? 1n : 0n)
  return `${yearText(year)}-${String(civilMonth).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function yearText(year: bigint): string {
  return year < 0n ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
