/**
 * The electrodes of the units, from their attributes: one a unit, or lists.
 */
import { UnitList } from '../../engine/warnings.js'
import { invalidType, invalidValue } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import { requireAttached } from '../../memory/buffers.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { isNDArray } from '../../memory/ndarray.js'
import { countIn, isNumericArray } from '../../memory/typed-arrays.js'
import { isMissing } from '../../options/checks.js'
import { isInt64, notInt64 } from '../../options/integers.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import { electrodeIds } from '../../recording/electrode-ids.js'
import { ELECTRODE_NAMES, electrodesOf, locationSource } from '../../recording/positions.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { ElectrodeCount } from './waveform-columns.js'

/** The attribute that lists the electrodes of a unit. */
const LIST_NAME = 'electrodes'

/** As far as an index counts. */
const MOST_ELECTRODES = 2 ** 32 - 1

export interface UnitElectrodes {
  /** The ids of all units' electrodes, one unit after the other. */
  ids: BigInt64Array
  /** Where the ids of each unit end; undefined where each unit has one. */
  ends: Uint32Array | undefined
  /** Which of the ids is the electrode that each unit is at, -1 for none; undefined where it is the only one of each unit. */
  places: Int32Array | undefined
  /** How many electrodes a unit has, if it has a list; undefined where no unit has one. */
  listCount: ElectrodeCount | undefined
  /** The attributes that these hold exactly. */
  kept: Set<string>
  /** What they do not hold: a clause for each reason, with the units. */
  lost: string[]
}

/**
 * The electrodes of all units. Where a unit has a list, or `canLack` is true, units may have any number of them; otherwise there are none
 * unless each unit has one.
 *
 * @throws TypeError, RangeError for an electrode that is no number, and in lists for one that is no whole number or the same as another
 */
export function* unitElectrodes(attributes: readonly NeuronAttributes[], canLack: boolean): Steps<UnitElectrodes> {
  return canLack || (yield* hasLists(attributes)) ? yield* anyElectrodes(attributes) : yield* oneElectrodeEach(attributes)
}

/** The list that the attribute holds; undefined for anything else. */
function listIn(value: unknown): ArrayLike<unknown> | undefined {
  if (isNDArray(value)) return value.ndim === 1 ? value.data : undefined
  return Array.isArray(value) || isNumericArray(value) ? value : undefined
}

function* hasLists(attributes: readonly NeuronAttributes[]): Steps<boolean> {
  for (const entry of attributes) {
    if (listIn(entry[LIST_NAME])) return true
    if (isDue()) yield
  }
  return false
}

/** The electrodes of a unit, as it has them. */
interface Given {
  list: ArrayLike<unknown>
  count: number
  /** What else the unit calls its electrode. */
  single: unknown
  isList: boolean
}

function givenBy(entry: NeuronAttributes, unit: number): Given {
  const { electrode, channel, ch } = entry
  const single = electrode ?? channel ?? ch
  const value = entry[LIST_NAME]
  if (isMissing(value)) return { list: [single], count: isMissing(single) ? 0 : 1, single, isList: false }
  const list = listIn(value)
  const name = `the ${LIST_NAME} of unit ${unit}`
  if (!list) throw invalidType('an array of whole numbers', name, value)
  if (isNumericArray(list)) requireAttached(list, name)
  return { list, count: countIn(list) as number, single, isList: true }
}

function* anyElectrodes(attributes: readonly NeuronAttributes[]): Steps<UnitElectrodes> {
  const given: Given[] = []
  let total = 0
  let areLists = false
  for (const [unit, entry] of attributes.entries()) {
    const electrodes = givenBy(entry, unit)
    given.push(electrodes)
    total += electrodes.count
    areLists ||= electrodes.isList
    if (isDue()) yield
  }
  if (total > MOST_ELECTRODES) throw invalidValue(`at most ${MOST_ELECTRODES} electrodes of all units`, 'sd.neuronAttributes', total)
  const ids = unset(BigInt64Array, total) as BigInt64Array
  const ends = unset(Uint32Array, given.length)
  const places = unset(Int32Array, given.length)
  let filled = 0
  for (const [unit, { list, count, single, isList }] of given.entries()) {
    const own = new GrowingMap<bigint, true>()
    places[unit] = count === 1 && isMissing(single) ? filled : -1
    for (let i = 0; i < count; i++) {
      const electrode = list[i]
      const name = () => (isList ? `entry ${i} of the ${LIST_NAME} of unit ${unit}` : `the electrode of unit ${unit}`)
      if (!isInt64(electrode)) throw notInt64(electrode, name())
      const id = BigInt(electrode)
      if (own.get(id)) throw invalidValue('another electrode than those before', name(), electrode)
      own.set(id, true)
      if (isInt64(single) && BigInt(single) === id) places[unit] = filled
      ids[filled++] = id
      if (isDue()) yield
    }
    ends[unit] = filled
    if (isDue()) yield
  }
  const listCount = (unit: number) => (given[unit]?.isList ? given[unit].count : undefined)
  return { ids, ends, places, listCount: areLists ? listCount : undefined, kept: yield* keptOf(attributes, ids, ends), lost: [] }
}

function* oneElectrodeEach(attributes: readonly NeuronAttributes[]): Steps<UnitElectrodes> {
  const given = yield* electrodesOf(attributes)
  const none = { ids: new BigInt64Array(0), ends: undefined, places: undefined, listCount: undefined, kept: new Set<string>() }
  if (!given) return { ...none, lost: yield* unplaced(attributes) }
  const ids = yield* electrodeIds(given)
  const areExact = given instanceof BigInt64Array
  return { ...none, ids, ...(areExact ? { kept: yield* keptOf(attributes, ids), lost: [] } : { lost: yield* fractions(given) }) }
}

/** The units without an electrode, because of which the table is of no unit, if others have one, or any has a place. */
function* unplaced(attributes: readonly NeuronAttributes[]): Steps<string[]> {
  const without = new UnitList()
  let isAnyPlaced = false
  for (const [unit, entry] of attributes.entries()) {
    const hasElectrode = ELECTRODE_NAMES.some((name) => !isMissing(entry[name]))
    if (!hasElectrode) without.add(unit)
    isAnyPlaced ||= hasElectrode || locationSource(entry) !== undefined
    if (isDue()) yield
  }
  return isAnyPlaced ? [`no electrode: ${without}`] : []
}

/** The units with an electrode of which a fraction is cut off. */
function* fractions(electrodes: Float64Array): Steps<string[]> {
  const cut = new UnitList()
  for (const [unit, electrode] of electrodes.entries()) {
    if (!Number.isInteger(electrode)) cut.add(unit)
    if (isDue()) yield
  }
  return cut.isEmpty ? [] : [`electrodes that are no whole numbers: ${cut}`]
}

/** The list, and those of {@link ELECTRODE_NAMES} that hold the only id, or nothing, in every unit. */
function* keptOf(attributes: readonly NeuronAttributes[], ids: BigInt64Array, ends?: Uint32Array): Steps<Set<string>> {
  const kept = new Set<string>(ends ? [...ELECTRODE_NAMES, LIST_NAME] : ELECTRODE_NAMES)
  for (const [unit, entry] of attributes.entries()) {
    const start = ends ? (ends[unit - 1] ?? 0) : unit
    const isOnly = !ends || ends[unit] === start + 1
    for (const name of ELECTRODE_NAMES) {
      if (!isMissing(entry[name]) && !(isOnly && isId(entry[name], ids[start] as bigint))) kept.delete(name)
    }
    if (isDue()) yield
  }
  return kept
}

function isId(value: unknown, id: bigint): boolean {
  return typeof value === 'bigint' ? value === id : Number.isInteger(value) && BigInt(value as number) === id
}
