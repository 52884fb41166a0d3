/**
 * Attributes of units from the properties of a sorting.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { named } from '../../engine/warnings.js'
import { isNDArray, NDArray, sizeOf } from '../../memory/ndarray.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { Property, PropertyKind, UnitId } from './sorting.js'

/** The properties that SpikeLab takes for the electrode and the place of a unit, by precedence. */
const ELECTRODES = ['channel', 'ch', 'peak_channel', 'electrode']
const LOCATIONS = ['location', 'unit_location', 'position']

/** The names of the attributes that {@link unitAttributes} gives units with such properties. */
export function attributeNames(properties: readonly PropertyKind[]): string[] {
  const hasElectrode = properties.some(({ name, isNumber }) => isNumber && ELECTRODES.includes(name))
  const hasLocation = properties.some(({ name, isArray }) => isArray && LOCATIONS.includes(name))
  const names = properties.map(({ name }) => name)
  return [...new Set(['unit_id', ...(hasElectrode ? ['electrode'] : []), ...(hasLocation ? ['location'] : []), ...names])]
}

/**
 * One object for each unit.
 *
 * @param rows - where in the sorting each unit is: properties are by these, also where only some units are loaded
 * @param warnings - where a warning of properties that are left out is added
 */
export function* unitAttributes(
  ids: readonly UnitId[],
  rows: readonly number[],
  properties: readonly Property[],
  warnings: ExportWarning[],
): Steps<NeuronAttributes[]> {
  const leftOut = properties.filter(({ values }) => values === undefined).map(({ name }) => name)
  if (leftOut.length > 0) {
    const message = `Properties that are no numbers or texts, one or more for each unit, were left out: ${named(leftOut)}.`
    warnings.push({ code: 'SPIKEPORT_SPIKEINTERFACE_SKIPPED', message })
  }
  const electrodes = firstOf(properties, ELECTRODES, (value) => typeof value === 'number' || typeof value === 'bigint')
  const locations = firstOf(properties, LOCATIONS, (value) => typeof value === 'object' && value !== null)
  const attributes: NeuronAttributes[] = []
  for (const [i, row] of rows.entries()) {
    const unit = new Map<string, unknown>()
    for (const property of properties) if (property.values) unit.set(property.name, valueAt(property, row))
    if (electrodes) unit.set('electrode', wholeOf(valueAt(electrodes, row)))
    if (locations) unit.set('location', numbersOf(valueAt(locations, row)))
    // After the properties: none may take its place.
    unit.set('unit_id', ids[i])
    attributes.push(Object.fromEntries(unit))
    if (isDue(properties.length + 1)) yield
  }
  return attributes
}

/** A number without its fraction. */
function wholeOf(value: unknown): unknown {
  return typeof value === 'number' ? Math.trunc(value) : value
}

/** The first property that is there and of which the values are such. */
function firstOf(properties: readonly Property[], names: readonly string[], isOne: (value: unknown) => boolean): Property | undefined {
  for (const name of names) {
    const property = properties.find((each) => each.name === name && each.values)
    if (property && isOne(valueAt(property, 0))) return property
  }
  return undefined
}

/** The value of a unit: a number, a boolean, a text, or an array of its own. */
function valueAt({ values }: Property, row: number): unknown {
  if (!isNDArray(values)) return values?.[row]
  const shape = values.shape.slice(1)
  const size = sizeOf(shape)
  const data = values.data.slice(row * size, (row + 1) * size)
  return shape.length === 1 ? data : new NDArray(data, shape)
}

/** Coordinates as an array of numbers, as SpikeLab has them. */
function numbersOf(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array, Number) : value
}
