/**
 * JSON as Python's `json.dumps` writes it with SpikeLab's encoder: byte for byte, arrays as `{"__ndarray__": true, …}`.
 */
import { types } from 'node:util'
import { packTexts } from '../../engine/plan/packed-texts.js'
import { invalidType, invalidValue } from '../../errors.js'
import { numbersCopy } from '../../memory/float64.js'
import { isNDArray, requireWhole } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { dtypeOf, isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'
import { valuePath } from '../pickle/pickler.js'
import { isWhole, PyFloat, PyTuple } from '../pickle/values.js'
import { MOST_LEVELS, TOO_DEEP } from './names.js'
import { dtypeName } from './numbers.js'
import { escapedText, floatText } from './python-text.js'

/** The key by which SpikeLab knows an array again. */
const ARRAY_KEY = '__ndarray__'

/** Longer texts are escaped in parts. */
const PART_LENGTH = 8192

/** An object that appears many times is written as often: it ends here. */
const MOST_CHARACTERS = 2 ** 28

/** How values are laid out: in one line, or indented by so many spaces as with `indent`. */
interface Style {
  readonly indent: number | null
}

/**
 * A value as UTF-8: null, booleans, strings, numbers, bigints, arrays, plain objects, Maps with strings as keys, typed arrays and
 * {@link NDArray}s. Entries that are undefined are left out of objects, and null in lists.
 *
 * @param keys - what leads to the value, for errors
 * @param onTuple - called where a tuple becomes a list
 * @throws TypeError for a value that JSON does not hold, naming it by its path
 * @throws RangeError for objects that SpikeLab would take for arrays, values nested too deeply, and a text that is too long
 */
export function* pythonJson(
  value: unknown,
  keys: readonly unknown[],
  onTuple: () => void,
  style: Style = { indent: null },
): Steps<Uint8Array> {
  const writer = new JsonWriter([...keys], onTuple, style)
  yield* writer.value(value)
  return yield* writer.finish()
}

class JsonWriter {
  readonly #keys: unknown[]
  readonly #levels: number
  /** Long parts of the text, and the end of it. */
  readonly #parts: string[] = []
  #end = ''
  #length = 0

  constructor(
    keys: unknown[],
    readonly onTuple: () => void,
    readonly style: Style,
  ) {
    this.#keys = keys
    this.#levels = keys.length
  }

  *finish(): Steps<Uint8Array> {
    this.#parts.push(this.#end)
    const { bytes } = yield* packTexts(this.#parts.length, (i) => this.#parts[i] as string)
    return bytes
  }

  *value(value: unknown): Steps<void> {
    if (this.#addShort(value)) return
    if (typeof value === 'string') yield* this.#text(value)
    else if (Array.isArray(value)) yield* this.#list(value)
    else if (value instanceof PyTuple) yield* this.#tuple(value)
    else if (isNumericArray(value)) yield* this.#array(value, [lengthOf(value)])
    else if (isNDArray(value)) yield* this.#array(value.data, value.shape)
    else if (types.isMap(value)) yield* this.#object(value.entries())
    else if (isPlainObject(value)) yield* this.#object(entriesOf(value))
    else throw invalidType('a value that JSON can hold', this.#path(), value)
  }

  /** Adds what takes no time, without a generator for each, which the garbage collector would have to remove; false for anything else. */
  #addShort(value: unknown): boolean {
    if (value === null || value === undefined) this.#add('null')
    else if (typeof value === 'boolean' || typeof value === 'bigint') this.#add(String(value))
    else if (typeof value === 'number') this.#add(isWhole(value) ? String(value) : floatText(value))
    else if (typeof value === 'string' && value.length <= PART_LENGTH) this.#add(`"${escapedText(value)}"`)
    else if (value instanceof PyFloat) this.#add(floatText(value.value))
    else return false
    if (typeof value === 'string') spend(value.length)
    return true
  }

  *#text(text: string): Steps<void> {
    this.#add('"')
    for (let from = 0; from < text.length; from += PART_LENGTH) {
      const part = text.slice(from, from + PART_LENGTH)
      this.#add(escapedText(part))
      spend(part.length)
      if (isDue()) yield
    }
    this.#add('"')
  }

  #tuple({ items }: PyTuple): Steps<void> {
    this.onTuple()
    return this.#list(items)
  }

  *#list(list: readonly unknown[]): Steps<void> {
    const { length } = list
    this.#open('[')
    for (let i = 0; i < length; i++) {
      this.#keys.push(i)
      this.#separate(i)
      const item = list[i]
      if (!this.#addShort(item)) yield* this.value(item)
      this.#keys.pop()
      if (isDue()) yield
    }
    this.#close(']', length)
  }

  *#object(entries: Iterable<readonly [unknown, unknown]>): Steps<void> {
    this.#open('{')
    let count = 0
    for (const [key, value] of entries) {
      if (isDue()) yield
      if (value === undefined) continue
      this.#keys.push(key)
      if (typeof key !== 'string') throw invalidType('a string as the key', this.#path(), key)
      if (key === ARRAY_KEY && value === true)
        throw invalidValue('another key, which SpikeLab does not take for an array,', this.#path(), key)
      this.#separate(count++)
      if (!this.#addShort(key)) yield* this.#text(key)
      this.#add(': ')
      if (!this.#addShort(value)) yield* this.value(value)
      this.#keys.pop()
    }
    this.#close('}', count)
  }

  *#array(given: NumericArray, shape: readonly number[]): Steps<void> {
    // A copy: the array may become shorter between two slices.
    const data = yield* numbersCopy(given, this.#path())
    requireWhole({ data, shape }, () => this.#path())
    const dtype = dtypeOf(data)
    this.#add(`{"${ARRAY_KEY}": true, "dtype": "${dtypeName(dtype)}", "shape": [${shape.join(', ')}], "values": `)
    const textOf = dtype[1] === 'f' ? (element: number | bigint) => floatText(element as number) : String
    if (shape.length === 0) this.#add(textOf(data[0] as number))
    else yield* this.#axis(shape, 0, { at: 0, data, textOf })
    this.#add('}')
  }

  /** The elements from the next on along an axis and those after it. */
  *#axis(
    shape: readonly number[],
    axis: number,
    elements: { at: number; data: ArrayLike<number | bigint>; textOf: (element: number | bigint) => string },
  ): Steps<void> {
    const length = shape[axis] as number
    const isLast = axis + 1 === shape.length
    this.#add('[')
    for (let i = 0; i < length; i++) {
      if (i > 0) this.#add(', ')
      if (isLast) this.#add(elements.textOf(elements.data[elements.at++] as number))
      else yield* this.#axis(shape, axis + 1, elements)
      if (isDue()) yield
    }
    this.#add(']')
  }

  #open(bracket: string): void {
    if (this.#keys.length - this.#levels >= MOST_LEVELS) throw invalidValue(TOO_DEEP, this.#path(), bracket)
    this.#add(bracket)
  }

  /** What precedes an item; its key is the last one. */
  #separate(item: number): void {
    const { indent } = this.style
    if (indent === null) this.#add(item > 0 ? ', ' : '')
    else this.#add(`${item > 0 ? ',' : ''}${this.#newLine(this.#keys.length - this.#levels)}`)
  }

  #close(bracket: string, count: number): void {
    if (this.style.indent !== null && count > 0) this.#add(this.#newLine(this.#keys.length - this.#levels))
    this.#add(bracket)
  }

  #newLine(levels: number): string {
    return `\n${' '.repeat(levels * (this.style.indent as number))}`
  }

  #add(text: string): void {
    this.#length += text.length
    if (this.#length > MOST_CHARACTERS) throw invalidValue(`at most ${MOST_CHARACTERS} characters of JSON`, this.#path(), this.#length)
    this.#end += text
    if (this.#end.length < PART_LENGTH) return
    this.#parts.push(this.#end)
    this.#end = ''
  }

  #path(): string {
    return valuePath(this.#keys)
  }
}

/** The entries of a plain object, each read once. */
export function* entriesOf(object: Readonly<Record<string, unknown>>): Generator<readonly [string, unknown], void, void> {
  for (const key of Object.keys(object)) yield [key, object[key]]
}
