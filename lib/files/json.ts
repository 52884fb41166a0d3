/**
 * JSON as Python's `json.loads` reads it: NaN and infinities are numbers, and integers have any size. `JSON.parse` does not know that, and
 * reads a long text in one go.
 */
import { setOwn, shortest } from '../memory/plain-values.js'
import type { Steps } from '../steps.js'
import { isDue, spend } from '../steps.js'

/** About as deep as Python's interpreter, which reads values recursively, follows them. */
const MOST_LEVELS = 1000

/** As many digits as Python makes an integer of. */
const MOST_DIGITS = 4300

/** Longer texts, and more spaces, are read in parts. */
const PART_LENGTH = 8192

const SPACES = new RegExp(`[ \\t\\n\\r]{1,${PART_LENGTH}}`, 'y')
const NUMBER = new RegExp(`-?(?:0|[1-9]\\d{0,${MOST_DIGITS}})(\\.\\d{1,${MOST_DIGITS}})?([eE][+-]?\\d{1,${MOST_DIGITS}})?`, 'y')
/** What a text has besides escapes and its end. */
const CHARACTERS = new RegExp(`[^"\\\\\\x00-\\x1f]{1,${PART_LENGTH}}`, 'y')
const ESCAPE = /\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))/y

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const WORDS: readonly (readonly [word: string, value: unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]

/** Stands for a value that takes steps of its own. */
const LONG = Symbol('long')

/** How many characters are read without looking whether the next piece is needed. */
const LOOKAHEAD = 4 * MOST_DIGITS

/** What values become that have no counterpart in JavaScript. */
export interface JsonForm {
  /** A number with a fraction or an exponent. */
  float(number: number): unknown
  /** Whether an object with this field is an array: its floats from there on are plain numbers. */
  isArray(key: string, value: unknown): boolean
  /** What such an object becomes. */
  array(object: Record<string, unknown>): Steps<unknown>
}

/** Nothing but objects, lists, texts and numbers. */
export const PLAIN_JSON: JsonForm = {
  float: (number) => number,
  isArray: () => false,
  *array(object) {
    return object
  },
}

/**
 * The value of a text, in steps.
 *
 * @param pieces - the text, in pieces that are read one after the other
 * @param fail - makes the error for a text that is no JSON
 */
export function* parsedJson(pieces: readonly string[], form: JsonForm, fail: (problem: string) => Error): Steps<unknown> {
  const reader = new JsonReader(pieces, form, fail)
  const value = yield* reader.value()
  yield* reader.requireEnd()
  return value
}

class JsonReader {
  /** What is being read: the rest of a piece, and the next one. */
  #text = ''
  #at = 0
  /** How many characters came before. */
  #before = 0
  #nextPiece = 0
  #level = 0
  /** Whether floats are those of an array. */
  #isPlain = false

  constructor(
    readonly pieces: readonly string[],
    readonly form: JsonForm,
    readonly fail: (problem: string) => Error,
  ) {}

  *value(): Steps<unknown> {
    yield* this.#space()
    const value = this.#short()
    if (value !== LONG) return value
    const first = this.#text[this.#at]
    if (first === '"') return yield* this.#longText()
    if (this.#level === MOST_LEVELS) throw this.fail(`it is nested more than ${MOST_LEVELS} levels deep`)
    this.#level++
    const container = first === '{' ? yield* this.#object() : yield* this.#list()
    this.#level--
    return container
  }

  *requireEnd(): Steps<void> {
    yield* this.#space()
    if (this.#at < this.#text.length) throw this.#unexpected()
  }

  /** Goes on to the next piece where the text may not suffice for what is read in one go. */
  #refill(): void {
    while (this.#text.length - this.#at < LOOKAHEAD && this.#nextPiece < this.pieces.length) {
      this.#before += this.#at
      this.#text = this.#text.slice(this.#at) + this.pieces[this.#nextPiece++]
      this.#at = 0
    }
  }

  /** Reads what takes no time, without a generator for each. */
  #short(): unknown {
    this.#refill()
    const text = this.#text
    const first = text[this.#at]
    if (first === '{' || first === '[') return LONG
    if (first === '"') {
      const start = this.#at + 1
      const part = this.#match(CHARACTERS, start)
      const end = start + (part?.length ?? 0)
      if (text[end] !== '"') return LONG
      this.#at = end + 1
      spend(end - start)
      return part ?? ''
    }
    for (const [word, value] of WORDS) {
      if (!text.startsWith(word, this.#at)) continue
      this.#at += word.length
      return value
    }
    return this.#number()
  }

  #number(): unknown {
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)
    if (!found) throw this.#unexpected()
    const [digits, fraction, exponent] = found
    if (digits.length > MOST_DIGITS) throw this.fail(`it has a number of more than ${MOST_DIGITS} digits`)
    this.#at += digits.length
    spend(digits.length)
    if (fraction === undefined && exponent === undefined) {
      const number = Number(digits)
      // -0 is an integer in Python, and as such 0.
      return Number.isSafeInteger(number) ? number + 0 : shortest(BigInt(digits))
    }
    return this.#isPlain ? Number(digits) : this.form.float(Number(digits))
  }

  *#longText(): Steps<string> {
    this.#at++
    let text = ''
    for (;;) {
      this.#refill()
      const part = this.#match(CHARACTERS, this.#at)
      if (part !== undefined) {
        this.#at += part.length
        text += part
        spend(part.length)
      } else if (this.#text[this.#at] === '"') {
        this.#at++
        return text
      } else {
        text += this.#escape()
      }
      if (isDue()) yield
    }
  }

  #escape(): string {
    ESCAPE.lastIndex = this.#at
    const [escape, letter, code] = ESCAPE.exec(this.#text) ?? []
    if (escape === undefined) throw this.#unexpected()
    this.#at += escape.length
    return letter === undefined ? String.fromCharCode(Number.parseInt(code as string, 16)) : (ESCAPED[letter] ?? letter)
  }

  *#list(): Steps<unknown[]> {
    const list: unknown[] = []
    this.#at++
    yield* this.#space()
    if (this.#take(']')) return list
    for (;;) {
      yield* this.#item(list)
      yield* this.#space()
      if (this.#take(']')) return list
      if (!this.#take(',')) throw this.#unexpected()
      if (isDue()) yield
    }
  }

  *#item(list: unknown[]): Steps<void> {
    yield* this.#space()
    const short = this.#short()
    list.push(short === LONG ? yield* this.value() : short)
  }

  /** An object; of the same keys the last one counts. */
  *#object(): Steps<unknown> {
    const object: Record<string, unknown> = {}
    const wasPlain = this.#isPlain
    let isArray = false
    this.#at++
    yield* this.#space()
    if (this.#take('}')) return object
    for (;;) {
      yield* this.#space()
      if (this.#text[this.#at] !== '"') throw this.#unexpected()
      const short = this.#short()
      const key = (short === LONG ? yield* this.#longText() : short) as string
      yield* this.#space()
      if (!this.#take(':')) throw this.#unexpected()
      const value = yield* this.value()
      setOwn(object, key, value)
      isArray ||= this.form.isArray(key, value)
      this.#isPlain ||= isArray
      yield* this.#space()
      if (this.#take('}')) break
      if (!this.#take(',')) throw this.#unexpected()
      if (isDue()) yield
    }
    this.#isPlain = wasPlain
    return isArray ? yield* this.form.array(object) : object
  }

  #space(): Steps<void> | readonly never[] {
    this.#refill()
    const code = this.#text.charCodeAt(this.#at)
    return code > 0x20 ? NOTHING : this.#longSpace()
  }

  *#longSpace(): Steps<void> {
    for (let part = this.#match(SPACES, this.#at); part !== undefined; part = this.#match(SPACES, this.#at)) {
      this.#at += part.length
      this.#refill()
      spend(part.length)
      if (isDue()) yield
    }
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at
    return pattern.exec(this.#text)?.[0]
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #unexpected(): Error {
    const found = this.#at < this.#text.length ? `has ${JSON.stringify(this.#text.slice(this.#at, this.#at + 10))}` : 'ends'
    return this.fail(`it is no JSON: it ${found} at character ${this.#before + this.#at}`)
  }
}

const NOTHING: readonly never[] = []
