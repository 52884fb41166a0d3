/**
 * The attributes of an instance, each as the class of the object needs it. Instances of older versions lack attributes that came later.
 */
import type { ExportWarning } from '../../../engine/warnings.js'
import { named } from '../../../engine/warnings.js'
import { madeFrom } from '../../../jobs/made-from-file.js'
import type { Numbers } from '../../../memory/float64.js'
import type { NDArray } from '../../../memory/ndarray.js'
import { isNDArray } from '../../../memory/ndarray.js'
import { setOwn } from '../../../memory/plain-values.js'
import { isNumericArray } from '../../../memory/typed-arrays.js'
import type { PlainObject } from '../../../recording/attributes.js'
import { isPlainObject } from '../../../recording/attributes.js'
import type { TimeWindow } from '../../../recording/windows.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import type { PickleFailures } from './failures.js'
import type { InstanceNode } from './nodes.js'
import { ArrayNode, ListNode, TupleNode } from './nodes.js'
import { arrayIn, keyText, listIn, numberIn, numbersIn, rowsOf } from './plain-values.js'
import type { StoredTrain } from './stored-trains.js'
import { storedTrain } from './stored-trains.js'
import { itemsIn } from './structure.js'
import type { PickleValues } from './values.js'

/** What making an object needs. */
export interface ObjectContext {
  readonly values: PickleValues
  readonly failures: PickleFailures
  readonly warnings: ExportWarning[]
  readonly signal: AbortSignal | undefined
  /** The bytes that trains and attributes may still take: a file may refer to one of them any number of times. */
  memoryLeft: number
}

/** Whether it is a list of one axis. */
function isList(node: unknown): boolean {
  return !(node instanceof ArrayNode) || node.state?.shape.length === 1
}

/** About what an entry of an object takes. */
const BYTES_A_KEY = 32

/** The attributes of an instance, by their names in Python. */
export class Attributes {
  readonly #nodes = new Map<string, unknown>()

  /** @param name - what errors call the instance */
  constructor(
    node: InstanceNode,
    readonly context: ObjectContext,
    readonly name: string = node.className,
  ) {
    const entries = node.state?.entries ?? []
    for (let i = 0; i < entries.length; i += 2) {
      const [key, value] = [entries[i], entries[i + 1]]
      if (typeof key === 'string') this.#nodes.set(key, value)
    }
  }

  wrong(what: string, problem: string): Error {
    return this.context.failures.of(`${what} ${problem}`, this.name)
  }

  /** Makes an object. */
  made<T>(make: () => T | Promise<T>): Promise<T> {
    return madeFrom(this.context.failures.path, make, this.name)
  }

  /** An attribute as it is. */
  async value(name: string, missing?: unknown): Promise<unknown> {
    const { values, signal } = this.context
    if (!this.#nodes.has(name)) {
      if (missing === undefined) throw this.wrong('the attribute', `${name} is missing`)
      return missing
    }
    return inSlices(values.value(this.#nodes.get(name)), signal)
  }

  /** The items of a list or tuple, as nodes. */
  items(name: string): readonly unknown[] {
    const node = this.#nodes.get(name)
    if (!(node instanceof ListNode || node instanceof TupleNode)) throw this.wrong(name, 'is no list')
    return node.items
  }

  async number(name: string, missing?: number): Promise<number> {
    const value = numberIn(await this.value(name, missing))
    if (value === undefined) throw this.wrong(name, 'is no number')
    return value
  }

  /** An array of any axes. */
  async array(name: string): Promise<NDArray> {
    const array = arrayIn(await this.value(name))
    if (!array) throw this.wrong(name, 'is no array of numbers')
    return array
  }

  /** Numbers of one axis. */
  async numbers(name: string): Promise<Numbers> {
    const numbers = await inSlices(numbersIn(await this.value(name)), this.context.signal)
    if (!numbers) throw this.wrong(name, 'is no list of numbers')
    return numbers
  }

  async labels(): Promise<readonly unknown[] | null> {
    const value = await this.value('labels', null)
    if (value === null) return null
    const labels = listIn(value)
    if (!labels) throw this.wrong('labels', 'is no list')
    return labels
  }

  /** Windows of time, as a list of pairs or an array with two columns. */
  async windows(): Promise<TimeWindow[] | null> {
    const value = await this.value('times', null)
    if (value === null) return null
    const pairs = isNDArray(value) ? await inSlices(rowsOf(value), this.context.signal) : listIn(value)
    if (!pairs) throw this.wrong('times', 'is no list')
    return inSlices(this.#windows(pairs), this.context.signal)
  }

  *#windows(pairs: readonly unknown[]): Steps<TimeWindow[]> {
    const windows: TimeWindow[] = []
    for (const [i, pair] of pairs.entries()) {
      const ends = listIn(pair)?.map(numberIn)
      const [start, end] = ends ?? []
      if (ends?.length !== 2 || start === undefined || end === undefined) throw this.wrong(`entry ${i} of times`, 'is no pair of numbers')
      windows.push([start, end])
      if (isDue()) yield
    }
    return windows
  }

  async metadata(): Promise<PlainObject | null> {
    const value = await this.value('metadata', null)
    if (value instanceof Map) return this.#withTextKeys(value, 'metadata')
    if (value !== null && !isPlainObject(value)) throw this.wrong('metadata', 'is no dict')
    return value
  }

  async neuronAttributes(): Promise<PlainObject[] | null> {
    const value = await this.value('neuron_attributes', null)
    if (value === null) return null
    const units = listIn(value)
    if (!units) throw this.wrong('neuron_attributes', 'is no list')
    return inSlices(this.#unitAttributes(units), this.context.signal)
  }

  *#unitAttributes(units: readonly unknown[]): Steps<PlainObject[]> {
    const attributes: PlainObject[] = []
    for (const [unit, entry] of units.entries()) {
      const object = entry instanceof Map ? this.#withTextKeys(entry, 'neuron_attributes') : entry
      if (!isPlainObject(object)) throw this.wrong(`entry ${unit} of neuron_attributes`, 'is no dict')
      attributes.push(object)
      if (isDue()) yield
    }
    return attributes
  }

  #charge(bytes: number): void {
    this.context.memoryLeft -= bytes
    if (this.context.memoryLeft < 0) throw this.context.failures.of('its values take far more memory than the file has bytes', this.name)
  }

  /** An object of a dict that has other keys than texts, with a warning. */
  #withTextKeys(map: ReadonlyMap<unknown, unknown>, name: string): PlainObject {
    this.#charge(BYTES_A_KEY * map.size)
    const object: Record<string, unknown> = {}
    const changed: string[] = []
    for (const [key, value] of map) {
      const text = keyText(key)
      if (typeof key !== 'string') changed.push(text)
      // A key that is text already is not replaced by one that becomes the same.
      if (typeof key !== 'string' && map.has(text)) continue
      setOwn(object, text, value)
    }
    const { warnings } = this.context
    const code = 'SPIKEPORT_PICKLE_KEYS'
    if (changed.length > 0 && !warnings.some((warning) => warning.code === code)) {
      warnings.push({ code, message: `Keys of ${name} that are no text in Python have become text: ${named(changed)}.` })
    }
    return object
  }

  /** Raw samples with their times; neither where there are none. */
  async rawData(): Promise<{ rawData?: undefined } | { rawData: NDArray; rawTime: Numbers | number }> {
    const data = await this.value('raw_data', null)
    const time = await this.value('raw_time', null)
    const array = arrayIn(data)
    const isEmpty = data === null || (array?.shape.join() === '0,0' && array.dtype === '<f8') || array?.shape.join() === '0'
    const rate = numberIn(time)
    const times = rate ?? (time === null ? [] : await inSlices(numbersIn(time), this.context.signal))
    if (times === undefined) throw this.wrong('raw_time', 'is no list of numbers')
    if (isEmpty && (typeof times === 'number' || times.length === 0)) return {}
    if (!array) throw this.wrong('raw_data', 'is no array of numbers')
    return { rawData: array, rawTime: times }
  }

  /** The spike times of each unit. */
  async trains(): Promise<readonly Numbers[]> {
    const list = listIn(await this.value('train'))
    if (!list) throw this.wrong('train', 'is no list')
    return inSlices(this.#trains(list), this.context.signal)
  }

  /**
   * The spike times of each unit, which stay in the file where they are numbers of an array.
   *
   * @param read - reads the bytes that a node needs and that were left in the file
   */
  async storedTrains(read: (node: unknown) => Promise<void>): Promise<readonly (StoredTrain | Numbers)[]> {
    const { values, signal } = this.context
    if (!this.#nodes.has('train')) return this.trains()
    const node = this.#nodes.get('train')
    const items = isList(node) ? itemsIn(node) : undefined
    if (!items) {
      await read(node)
      return this.trains()
    }
    const trains: (StoredTrain | Numbers)[] = []
    const others: [unit: number, node: unknown][] = []
    await inSlices(this.#findStored(items, trains, others), signal)
    for (const [unit, other] of others) {
      await read(other)
      trains[unit] = await inSlices(this.#train(await inSlices(values.value(other), signal), unit), signal)
    }
    return trains
  }

  *#findStored(items: readonly unknown[], trains: (StoredTrain | Numbers)[], others: [unit: number, node: unknown][]): Steps<void> {
    for (const [unit, item] of items.entries()) {
      const train = storedTrain(item)
      if (train) this.#charge(8 * train.length)
      else others.push([unit, item])
      trains.push(train ?? [])
      if (isDue()) yield
    }
  }

  *#train(entry: unknown, unit: number): Steps<Numbers> {
    const train = isNumericArray(entry) ? entry : yield* numbersIn(entry)
    if (!train) throw this.wrong(`entry ${unit} of train`, 'is no array of one axis')
    this.#charge(8 * train.length)
    return train
  }

  *#trains(list: readonly unknown[]): Steps<Numbers[]> {
    const trains: Numbers[] = []
    for (const [unit, entry] of list.entries()) {
      trains.push(yield* this.#train(entry, unit))
      if (isDue()) yield
    }
    return trains
  }
}
