/**
 * Reads NPY files of versions 1.0 to 3.0. The header is parsed, never evaluated.
 */

import { FormatError } from '../errors.js'
import { unset } from '../memory/allocation.js'
import { sizeOf } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { inSlices } from '../steps.js'
import type { Dtype } from './numpy-dtype.js'
import { fortranStrides, inCOrder, isNumeric, numbersFrom, parseDtype, textsFrom } from './numpy-dtype.js'
import type { RandomAccess } from './random-access.js'
import { readInPieces } from './random-access.js'

/** The array that an NPY file holds. */
export interface NpyHeader {
  /** The type of the elements. Undefined for records, whose {@link fields} are known. */
  readonly dtype: Dtype | undefined
  /** The type string of the elements, or the names and type strings of the fields of records, as the file has them. */
  readonly descr: string
  /** The fields of records, in order, without gaps. */
  readonly fields: readonly { readonly name: string; readonly dtype: Dtype }[] | undefined
  readonly shape: readonly number[]
  readonly isFortranOrder: boolean
  /** The number of elements. */
  readonly count: number
  /** The size of an element in bytes. */
  readonly itemBytes: number
  /** Where the elements begin. */
  readonly dataStart: number
}

/** What errors call a file, and the array in it. */
export interface Place {
  readonly path: string
  readonly object?: string | undefined
}

/** An array is of a type that is not read here. Nothing else is known to be wrong with it. */
export class UnsupportedElements extends FormatError {}

/** As in numpy. */
const MOST_CHARACTERS = 10_000
const LONGEST_PREFIX = 12

/** numpy 2 has no more. */
const MOST_AXES = 64

/**
 * Reads the header of an NPY file, and checks that the file has all elements. Of Python objects each has a byte at least.
 *
 * @throws FormatError for a header that is not numpy's, a type that is not supported, an impossible shape and truncated data
 */
export async function readNpyHeader(file: RandomAccess, place: Place): Promise<NpyHeader> {
  const head = Buffer.alloc(Math.min(file.size, LONGEST_PREFIX + MOST_CHARACTERS))
  await file.read(head, 0)
  return npyHeaderFrom(head, file.size, place)
}

/**
 * The same from the first bytes of a file: at least 10,012, or all.
 *
 * @param size - the size of the file
 */
export function npyHeaderFrom(bytes: Uint8Array, size: number, { path, object }: Place): NpyHeader {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const fail = (problem: string) => new FormatError(path, problem, object)
  if (head.length < 10 || head.toString('latin1', 0, 6) !== '\x93NUMPY') throw fail('it is not an NPY file')
  const [major, minor] = [head[6] as number, head[7]]
  if (major < 1 || major > 3 || minor !== 0) throw fail(`version ${major}.${minor} of NPY is not known`)
  const start = major === 1 ? 10 : LONGEST_PREFIX
  if (head.length < start) throw fail('its header is cut off')
  const length = major === 1 ? head.readUInt16LE(8) : head.readUInt32LE(8)
  if (length > MOST_CHARACTERS) throw fail(`its header has ${length} bytes, more than ${MOST_CHARACTERS}`)
  if (start + length > head.length) throw fail('its header is cut off')
  const text = head.toString(major === 3 ? 'utf8' : 'latin1', start, start + length)
  const literal = new LiteralParser(text).parse()
  if (!(literal instanceof Map) || literal.size !== 3) throw fail('its header is no dict of descr, fortran_order and shape')
  const [descr, isFortranOrder, axes] = [literal.get('descr'), literal.get('fortran_order'), literal.get('shape')]
  if (typeof isFortranOrder !== 'boolean') throw fail('fortran_order in its header is neither True nor False')
  const shape = shapeFrom(axes)
  if (!shape) throw fail('shape in its header is no tuple of whole numbers')
  const { dtype, fields } = elementsFrom(descr)
  const shown = typeof descr === 'string' ? descr : describe(descr)
  if (!dtype && !fields) throw new UnsupportedElements(path, `elements of type ${shown} are not supported`, object)
  const itemBytes = dtype ? dtype.itemBytes : (fields ?? []).reduce((sum, field) => sum + field.dtype.itemBytes, 0)
  const count = sizeOf(shape)
  const left = size - start - length
  // Products that are not exact are far beyond any file; infinity times 0 is NaN.
  if (!(dtype?.kind === 'O' ? count <= left : count * itemBytes <= left)) {
    throw fail(`its header claims ${count} elements of ${itemBytes} bytes, and ${left} bytes follow`)
  }
  return { dtype, descr: shown, fields, shape, isFortranOrder, count, itemBytes, dataStart: start + length }
}

/**
 * Reads an array of numbers into memory of its own, in C order.
 *
 * @throws FormatError for elements that are no numbers
 */
export async function readNpyNumbers(
  file: RandomAccess,
  header: NpyHeader,
  { path, object }: Place,
  signal?: AbortSignal,
): Promise<NumericArray> {
  const { dtype, count, itemBytes, dataStart, shape, isFortranOrder, descr } = header
  if (!dtype || !isNumeric(dtype)) throw new FormatError(path, `its elements are of type ${descr}, not numbers`, object)
  const bytes = unset(Uint8Array, count * itemBytes)
  await readInPieces(file, bytes, dataStart, signal)
  return inSlices(orderedNumbers(bytes, dtype, shape, isFortranOrder), signal)
}

function* orderedNumbers(bytes: Uint8Array, dtype: Dtype, shape: readonly number[], isFortranOrder: boolean): Steps<NumericArray> {
  const data = yield* numbersFrom(bytes, dtype)
  if (!isFortranOrder) return data
  const each = dtype.kind === 'c' ? 2 : 1
  return yield* inCOrder(data, shape, fortranStrides(shape, each), each)
}

/**
 * Reads an array of one axis of texts, bytes or dates, as texts.
 *
 * @throws FormatError for elements that are none, or more axes
 */
export async function readNpyTexts(
  file: RandomAccess,
  header: NpyHeader,
  { path, object }: Place,
  signal?: AbortSignal,
): Promise<(string | null)[]> {
  const { dtype, count, itemBytes, dataStart, shape, descr } = header
  if (!dtype || !'USM'.includes(dtype.kind)) throw new FormatError(path, `its elements are of type ${descr}, not text`, object)
  if (shape.length > 1) throw new FormatError(path, `it has ${shape.length} axes, not 1`, object)
  // A text of no characters takes no bytes, and so any number of them fits.
  if (itemBytes === 0 && count > file.size) throw new FormatError(path, `its header claims ${count} empty texts`, object)
  const bytes = unset(Uint8Array, count * itemBytes)
  await readInPieces(file, bytes, dataStart, signal)
  return inSlices(textsFrom(bytes, dtype, count), signal)
}

function shapeFrom(axes: unknown): number[] | undefined {
  if (!(axes instanceof PythonTuple) || axes.items.length > MOST_AXES) return undefined
  const shape: number[] = []
  for (const axis of axes.items) {
    if (typeof axis !== 'number' || !Number.isSafeInteger(axis) || axis < 0) return undefined
    shape.push(axis)
  }
  return shape
}

/** The type of the elements, or the fields of records; neither for what is not supported. */
function elementsFrom(descr: unknown): { dtype: Dtype | undefined; fields: NpyHeader['fields'] } {
  if (typeof descr === 'string') return { dtype: parseDtype(descr), fields: undefined }
  const none = { dtype: undefined, fields: undefined }
  if (!Array.isArray(descr) || descr.length === 0) return none
  const fields: { name: string; dtype: Dtype }[] = []
  for (const entry of descr) {
    if (!(entry instanceof PythonTuple) || entry.items.length !== 2) return none
    const [name, type] = entry.items
    const dtype = typeof type === 'string' ? parseDtype(type) : undefined
    if (typeof name !== 'string' || !dtype || dtype.kind === 'O') return none
    fields.push({ name, dtype })
  }
  return { dtype: undefined, fields }
}

function describe(descr: unknown): string {
  return Array.isArray(descr) ? 'record' : String(descr)
}

class PythonTuple {
  constructor(readonly items: readonly unknown[]) {}
}

type Literal = string | number | boolean | undefined | PythonTuple | Literal[] | Map<unknown, Literal>

/** Deeper literals are no header. */
const MOST_LEVELS = 8

const TOKEN = /\s*(?:([[\](){},:])|'([^'\\]*)'|"([^"\\]*)"|(\d{1,20})L?(?!\w)|(True|False|None)(?!\w))/y

/** Python's literals, as far as headers have them: dicts, lists, tuples, texts without escapes, whole numbers, True, False and None. */
class LiteralParser {
  #token: string | undefined
  #value: string | number | boolean | undefined

  constructor(readonly text: string) {
    TOKEN.lastIndex = 0
  }

  /** The one value in the text; undefined where there is anything else. */
  parse(): Literal {
    try {
      this.#next()
      const value = this.#literal(0)
      return this.#token === 'end' ? value : undefined
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  #next(): void {
    const { lastIndex } = TOKEN
    const match = TOKEN.exec(this.text)
    if (!match) {
      if (this.text.slice(lastIndex).trim() !== '') throw new SyntaxError()
      this.#token = 'end'
      return
    }
    const [, mark, single, double, digits, name] = match
    this.#token = mark ?? 'value'
    this.#value = single ?? double ?? (digits === undefined ? constantFrom(name) : Number(digits))
  }

  #literal(level: number): Literal {
    if (level > MOST_LEVELS) throw new SyntaxError()
    const token = this.#token
    const value = this.#value
    this.#next()
    if (token === 'value') return value
    if (token === '[') return this.#items(']', level).items
    if (token === '(') {
      const { items, hasComma } = this.#items(')', level)
      return items.length === 1 && !hasComma ? items[0] : new PythonTuple(items)
    }
    if (token === '{') return this.#entries(level)
    throw new SyntaxError()
  }

  #items(end: string, level: number): { items: Literal[]; hasComma: boolean } {
    const items: Literal[] = []
    let hasComma = false
    while (this.#token !== end) {
      items.push(this.#literal(level + 1))
      hasComma = this.#skip(',')
      if (!hasComma && this.#token !== end) throw new SyntaxError()
    }
    this.#next()
    return { items, hasComma }
  }

  #entries(level: number): Map<unknown, Literal> {
    const entries = new Map<unknown, Literal>()
    while (this.#token !== '}') {
      const key = this.#literal(level + 1)
      if (!this.#skip(':')) throw new SyntaxError()
      entries.set(key, this.#literal(level + 1))
      if (!this.#skip(',') && this.#token !== '}') throw new SyntaxError()
    }
    this.#next()
    return entries
  }

  #skip(token: string): boolean {
    if (this.#token !== token) return false
    this.#next()
    return true
  }
}

function constantFrom(name: string | undefined): boolean | undefined {
  return name === 'None' || name === undefined ? undefined : name === 'True'
}
