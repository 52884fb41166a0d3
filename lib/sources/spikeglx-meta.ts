/**
 * The `.meta` file of a SpikeGLX recording: lines of `key=value`, and tables `~key=(header)(row)(row)`.
 */
import { FormatError } from '../errors.js'

const WHOLE_NUMBER = /^\d{1,15}$/
/** So many digits that it is neither infinite nor, divided by a factor, 0. */
const NUMBER = /^[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$/

/** A table: the fields of its header, which commas separate, and its rows as texts. */
export interface MetaTable {
  readonly header: readonly string[]
  readonly rows: readonly string[]
}

/** The values of a `.meta` file. What is wrong with one is a FormatError that names the file and the key. */
export class Meta {
  readonly #name: string
  readonly #values: ReadonlyMap<string, string>

  /**
   * @param name - what errors call the file
   * @param keys - those that are kept: others may be any number of any length
   */
  constructor(name: string, text: string, keys: ReadonlySet<string>) {
    this.#name = name
    const values = new Map<string, string>()
    for (let from = 0; from < text.length; ) {
      const found = text.indexOf('\n', from)
      const end = found < 0 ? text.length : found
      const line = text.slice(from, end)
      // Values have signs of equality too.
      const equals = line.indexOf('=')
      const key = line.slice(0, Math.max(equals, 0)).trim()
      if (keys.has(key)) values.set(key, line.slice(equals + 1).trim())
      from = end + 1
    }
    this.#values = values
  }

  /** The text of a key; undefined where it is missing or has no value. */
  text(key: string): string | undefined {
    return this.#values.get(key) || undefined
  }

  has(key: string): boolean {
    return this.text(key) !== undefined
  }

  /** A whole number from 0 on. */
  whole(key: string): number {
    const text = this.#required(key)
    if (!WHOLE_NUMBER.test(text)) throw this.#unexpected(key, 'a whole number', text)
    return Number(text)
  }

  /** A number above 0. @param otherwise - stands for a missing one */
  positive(key: string, otherwise?: number): number {
    const text = this.text(key)
    if (text === undefined && otherwise !== undefined) return otherwise
    return this.positiveFrom(this.#required(key), key)
  }

  /** The number above 0 that a field is. */
  positiveFrom(text: string, key: string): number {
    const number = NUMBER.test(text) ? Number(text) : 0
    if (!(number > 0)) throw this.#unexpected(key, 'a number above 0', text)
    return number
  }

  /** Counts that commas separate, such as `384,0,1`. */
  counts(key: string, length: number): number[] {
    const text = this.#required(key)
    const fields = text.split(',', length + 1)
    if (fields.length !== length || !fields.every((field) => WHOLE_NUMBER.test(field))) {
      throw this.#unexpected(key, `${length} counts`, text)
    }
    return fields.map(Number)
  }

  /** A table, whose key begins with `~`; undefined where it is missing. */
  table(key: string): MetaTable | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    if (!text.startsWith('(') || !text.endsWith(')')) throw this.#unexpected(key, 'rows in parentheses', text)
    const [header = '', ...rows] = text.slice(1, -1).split(')(')
    return { header: header.split(','), rows }
  }

  /** The error for a key. */
  error(key: string, problem: string): FormatError {
    return new FormatError(this.#name, problem, key)
  }

  #required(key: string): string {
    const text = this.text(key)
    if (text === undefined) throw this.error(key, 'it is missing')
    return text
  }

  #unexpected(key: string, expected: string, text: string): FormatError {
    return this.error(key, `expected ${expected} but found '${text}'`)
  }
}
