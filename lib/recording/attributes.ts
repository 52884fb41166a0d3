/**
 * Attributes of units, labels and metadata: checks and copies.
 */
import { invalidType, invalidValue } from '../errors.js'
import { copyOf } from '../memory/allocation.js'
import { setOwn } from '../memory/plain-values.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'

/** What is known about one unit, by name: `electrode`, `location`, a waveform, a label. */
export type NeuronAttributes = Readonly<Record<string, unknown>>

/**
 * An object literal, or an object of an interface that has none of the symbols of arrays, Maps, Sets, typed arrays, promises, Dates and
 * functions.
 */
export type PlainObject = Readonly<Record<string, unknown>> | (object & { readonly [Key in SymbolOfBuiltIns]?: never })
type SymbolOfBuiltIns = typeof Symbol.iterator | typeof Symbol.toStringTag | typeof Symbol.toPrimitive | typeof Symbol.hasInstance

/** Anything else worth keeping, by name. */
export type Metadata = Record<string, unknown>

/**
 * Attributes of units as a list of their own; the objects in it are the caller's. Null where none are given.
 *
 * @throws TypeError for anything but an array of plain objects, naming the unit
 * @throws RangeError unless there is one object a unit
 */
export function* neuronAttributesFor(unitCount: number, attributes: unknown): Steps<readonly NeuronAttributes[] | null> {
  if (attributes === undefined || attributes === null) return null
  if (!Array.isArray(attributes)) throw invalidType('an array of objects', 'neuronAttributes', attributes)
  requireCount(unitCount, 'unit', attributes, 'neuronAttributes')
  const copy: NeuronAttributes[] = []
  for (let unit = 0; unit < unitCount; unit++) {
    const entry: unknown = attributes[unit]
    if (!isPlainObject(entry)) throw invalidType('a plain object', `unit ${unit} of neuronAttributes`, entry)
    copy.push(entry)
    if (isDue()) yield
  }
  return Object.freeze(copy)
}

/**
 * Metadata as an object of its own; the values in it are the caller's. Empty where none is given. `Object.keys` lists the keys in
 * one go, in 2 ms for 20,000.
 *
 * @throws TypeError for anything but a plain object
 */
export function* metadataCopy(metadata: unknown): Steps<Metadata> {
  const copy: Metadata = {}
  if (metadata === undefined || metadata === null) return copy
  if (!isPlainObject(metadata)) throw invalidType('a plain object', 'metadata', metadata)
  for (const key of Object.keys(metadata)) {
    setOwn(copy, key, metadata[key])
    if (isDue()) yield
  }
  return copy
}

/**
 * Labels of rows and columns as a list of their own. Null where none are given.
 *
 * @throws TypeError for anything but an array
 * @throws RangeError unless there is one label a row
 */
export function labelsFor(rowCount: number, labels: unknown): readonly unknown[] | null {
  if (labels === undefined || labels === null) return null
  if (!Array.isArray(labels)) throw invalidType('an array', 'labels', labels)
  requireCount(rowCount, 'row', labels, 'labels')
  return Object.freeze(copyOf(labels, rowCount))
}

/** Checks that a list has one entry for each thing that it describes. */
export function requireCount(count: number, thing: string, list: { readonly length: number }, name: string): void {
  if (list.length !== count) throw invalidValue(`${count}, one entry for each ${thing},`, `${name}.length`, list.length)
}

/** An object literal, of this realm or another; null prototypes count. `Math`, `arguments` and their like do not. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype !== null && !isObjectPrototype(prototype)) return false
  return !(Symbol.toStringTag in value) && Object.prototype.toString.call(value) === '[object Object]'
}

/** Whether an object is the `Object.prototype` of some realm. */
function isObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}
