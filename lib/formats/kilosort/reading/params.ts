/**
 * Reads `params.py` without executing it: assignments of literals at the beginning of a line. Everything else in it is left out.
 */
import { shortest } from '../../../memory/plain-values.js'
import type { Steps } from '../../../steps.js'
import { isDue, spend } from '../../../steps.js'

/** A value of `params.py`. Lists and tuples are arrays; None is null. */
export type ParamValue = string | number | bigint | boolean | null | readonly ParamValue[]

/** Lists in deeper lists are left out. */
const MOST_LEVELS = 16

const ASSIGNMENT = /([A-Za-z_]\w*)[ \t]*=(?!=)[ \t]*/y
/** In brackets also line ends. */
const BLANKS = /(?:[ \t\f]|\\\r?\n)+/y
const BLANKS_IN_BRACKETS = /(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)+/y
const STATEMENT_END = /[ \t\f]*(?:#[^\r\n]*)?(?:;|\r\n|\n|\r|$)/y
const NUMBER = /[+-]?(?:0[xX][\da-fA-F]{1,16}|(?:\d[\d_]{0,99}(?:\.[\d_]{0,99})?|\.\d[\d_]{0,99})(?:[eE][+-]?\d{1,4})?)(?![\w.])/y
const NAME = /(True|False|None)(?!\w)/y
const TEXT = /([rRuU]?)(?:'((?:[^'\\\r\n]|\\.)*)'|"((?:[^"\\\r\n]|\\.)*)")/sy
/** What a statement consists of, as far as its end is to be found. A text without an end goes on to that of the line, or of all. */
const TOKEN =
  /'''(?:[^\\]|\\.)*?(?:'''|$)|"{3}(?:[^\\]|\\.)*?(?:"{3}|$)|'(?:[^'\\\r\n]|\\.)*'?|"(?:[^"\\\r\n]|\\.)*"?|#[^\r\n]*|\\\r?\n|[^'"#\\()[\]{}\r\n]+|./sy

/**
 * The values that a text assigns, by name. The last assignment to a name counts; one of anything but a literal leaves the name without a
 * value.
 */
export function* paramsFrom(text: string): Steps<Map<string, ParamValue>> {
  const reader = new Reader(text.startsWith('\ufeff') ? text.slice(1) : text)
  const params = new Map<string, ParamValue>()
  while (!reader.isAtEnd) {
    const from = reader.at
    const assignment = reader.take(ASSIGNMENT)
    if (assignment) {
      const name = assignment[1] as string
      const value = yield* reader.literal(0)
      // Two texts beside each other are one for Python, and `1 + 2` is no literal.
      if (value !== undefined && reader.take(STATEMENT_END)) {
        params.set(name, value)
        continue
      }
      params.delete(name)
      reader.at = from
    }
    yield* reader.skipStatement()
  }
  return params
}

class Reader {
  at = 0

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match) this.at = pattern.lastIndex
    return match
  }

  /** The next literal; undefined where there is none. */
  *literal(level: number): Steps<ParamValue | undefined> {
    if (isDue()) yield
    const text = this.take(TEXT)
    if (text) {
      const [, prefix = '', single, double] = text
      const content = single ?? double ?? ''
      spend(content.length)
      return prefix.toLowerCase() === 'r' ? content : unescaped(content)
    }
    const number = this.take(NUMBER)
    if (number) return numberFrom(number[0])
    const name = this.take(NAME)
    if (name) return name[1] === 'None' ? null : name[1] === 'True'
    const open = this.text[this.at]
    if ((open !== '[' && open !== '(') || level === MOST_LEVELS) return undefined
    this.at++
    return yield* this.#items(open === '[' ? ']' : ')', level)
  }

  *#items(close: string, level: number): Steps<ParamValue | undefined> {
    const items: ParamValue[] = []
    let hasComma = false
    for (;;) {
      this.take(BLANKS_IN_BRACKETS)
      if (this.text[this.at] === close) {
        this.at++
        // A literal in parentheses is itself.
        return close === ')' && items.length === 1 && !hasComma ? items[0] : items
      }
      if (items.length > 0 && !hasComma) return undefined
      const item = yield* this.literal(level + 1)
      if (item === undefined) return undefined
      items.push(item)
      this.take(BLANKS_IN_BRACKETS)
      hasComma = this.text[this.at] === ','
      if (hasComma) this.at++
    }
  }

  /** Goes on to the line after the statement that begins here, which may have brackets and texts of several lines. */
  *skipStatement(): Steps<void> {
    let depth = 0
    while (!this.isAtEnd) {
      if (isDue()) yield
      if (depth === 0) this.take(BLANKS)
      const token = this.take(TOKEN)?.[0]
      if (token === undefined) return
      spend(token.length)
      if ('([{'.includes(token)) depth++
      else if (')]}'.includes(token)) depth = Math.max(0, depth - 1)
      else if ((token === '\n' || token === '\r') && depth === 0) return
    }
  }
}

function numberFrom(text: string): number | bigint {
  const digits = text.replaceAll('_', '')
  if (/^[+-]?0[xX]/.test(digits)) {
    const size = BigInt(digits.replace(/^[+-]/, ''))
    return shortest(digits.startsWith('-') ? -size : size)
  }
  const number = Number(digits)
  return /^[+-]?\d+$/.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits.replace('+', '')) : number
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
  '\r\n': '',
}

/** A text of Python without its escapes. Python keeps those that it does not know, with their backslash. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:(\r\n|[\\'"abfnrtv\n])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/g,
    (all, plain?: string, x?: string, u?: string, long?: string, octal?: string) => {
      if (plain !== undefined) return ESCAPES[plain] as string
      const code = octal === undefined ? Number.parseInt((x ?? u ?? long) as string, 16) : Number.parseInt(octal, 8)
      return code > 0x10_ffff ? all : String.fromCodePoint(code)
    },
  )
}
