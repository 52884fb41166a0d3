/**
 * Python pickles of JavaScript values. The bytes are written from scratch; bulk data stays where it is, as segments that
 * native code fills.
 *
 * The values are walked with a stack of generators instead of by recursion: depth costs memory and never the call stack,
 * and the walk can pause anywhere.
 */
import { inspect, types } from 'node:util'
import type { Segment } from '../../engine/plan/byte-segments.js'
import { invalidType } from '../../errors.js'
import type { NDArray } from '../../memory/ndarray.js'
import { isNDArray } from '../../memory/ndarray.js'
import { isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { PickleArrays } from './arrays.js'
import type { Children, Walk } from './containers.js'
import { dict, instance, list, longText, map, PAUSE, set, tuple } from './containers.js'
import { OPCODES } from './opcodes.js'
import type { PickleProtocol } from './output.js'
import { PickleOutput } from './output.js'
import { SLICE_LENGTH } from './text.js'
import { isWhole, LazyList, PyFloat, PyTuple, PythonObject, SourceArray, TrainList } from './values.js'

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/**
 * A value as a pickle.
 *
 * Safe integers and bigints become `int`, other numbers and −0 `float`, null and undefined `None`, arrays lists, plain
 * objects and Maps dicts without their undefined entries, Sets sets, typed arrays and {@link NDArray} ndarrays. A value
 * that appears twice is one object in Python too, and may contain itself.
 *
 * @throws TypeError for what has no counterpart in Python (functions, symbols, dates, instances of classes) and for keys
 * and members that Python cannot hash, naming the value by its path
 * @throws RangeError for arrays and integers that need a later protocol, for arrays whose data is out of reach, and for keys
 * and members of one container that Python considers equal: `1`, `1n`, `true` and `pyFloat(1)`; null and undefined. Of tuples
 * that are equal Python keeps one
 */
export function pickle(value: unknown, protocol: PickleProtocol): Steps<Segment[]> {
  return new PickleWriter(protocol).write(value)
}

class PickleWriter implements Walk {
  readonly output: PickleOutput
  readonly hashable = new WeakSet<object>()
  key: unknown
  hashing = 0
  readonly #arrays: PickleArrays
  /** The containers being written, the outermost first, and the place of each in the one before it. */
  readonly #open: { children: Children; key: unknown }[] = []

  constructor(protocol: PickleProtocol) {
    this.output = new PickleOutput(protocol)
    this.#arrays = new PickleArrays(this.output)
  }

  *write(root: unknown): Steps<Segment[]> {
    const { output } = this
    output.header()
    this.#value(root)
    for (let last = this.#open.at(-1); last; last = this.#open.at(-1)) {
      const next = last.children.next()
      if (next.done) this.#open.pop()
      else if (next.value !== PAUSE) this.#value(next.value)
      if (isDue()) yield
    }
    output.op(OPCODES.STOP)
    return output.out.finish()
  }

  put(object: object): void {
    this.output.put(this.output.memo.add(object))
  }

  /** The path of the value being written, such as `metadata.probe.channels[3]`. */
  path(): string {
    const [, ...keys] = [...this.#open.map(({ key }) => key), this.key]
    return valuePath(keys)
  }

  /** Writes a value without children, or begins one with. */
  #value(value: unknown): void {
    const { output } = this
    if (value === null || value === undefined) output.none()
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'boolean') output.boolean(value)
    else if (typeof value === 'bigint') output.integer(value)
    else if (typeof value === 'object') this.#object(value)
    else throw this.#unknown(value)
  }

  #number(value: number): void {
    if (isWhole(value)) this.output.integer(value)
    else this.output.float(value)
  }

  #text(text: string): void {
    if (text.length <= SLICE_LENGTH) this.output.text(text)
    else this.#begin(longText(this, text))
  }

  #object(value: object): void {
    if (value instanceof PyFloat) return this.output.float(value.value)
    if (this.hashing > 0 && !(value instanceof PyTuple)) {
      throw invalidType('a string, number, boolean, null or tuple, which Python can hash,', this.path(), value)
    }
    const known = this.output.memo.get(value instanceof PythonObject ? value.source : value)
    if (known !== undefined && (this.hashing === 0 || this.hashable.has(value))) this.output.get(known)
    else if (value instanceof PyTuple) this.#begin(tuple(this, value))
    else if (Array.isArray(value)) this.#begin(list(this, value, value, identity))
    else if (value instanceof LazyList) this.#begin(list(this, value, value.source, value.item))
    else if (value instanceof PythonObject) this.#begin(instance(this, value))
    else if (types.isMap(value)) this.#begin(map(this, value))
    else if (types.isSet(value)) this.#begin(set(this, value))
    else if (this.#bulk(value)) return
    else if (isPlainObject(value)) this.#begin(dict(this, value))
    else throw this.#unknown(value)
  }

  /** Writes an array of numbers, or a list of them; false for anything else. */
  #bulk(value: object): boolean {
    const path = () => this.path()
    if (isNumericArray(value)) this.#arrays.array(value, [lengthOf(value)], path)
    else if (isNDArray(value)) this.#arrays.array(value.data, value.shape, path)
    else if (value instanceof SourceArray) this.#arrays.source(value, path)
    else if (value instanceof TrainList) this.#arrays.trains(value, path)
    else return false
    this.put(value)
    return true
  }

  #begin(children: Children): void {
    this.#open.push({ children, key: this.key })
  }

  #unknown(value: unknown): TypeError {
    return invalidType('a value that has a counterpart in Python', this.path(), value)
  }
}

function identity<T>(value: T): T {
  return value
}

/** A path such as `metadata.probe.channels[3]`, from the keys that lead to a value; `value` without any. */
export function valuePath(keys: readonly unknown[]): string {
  if (keys.length === 0) return 'value'
  return keys.map(part).join('').replace(/^\./, '')
}

function part(key: unknown): string {
  return typeof key === 'string' && IDENTIFIER.test(key) ? `.${key}` : `[${inspect(key, { depth: 0, maxStringLength: 80 })}]`
}
