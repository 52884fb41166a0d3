/**
 * The option `channels`: the whole probe of a Phy folder, also channels without units.
 */
import { invalidType, invalidValue } from '../../../errors.js'
import { unset } from '../../../memory/allocation.js'
import type { NDArray } from '../../../memory/ndarray.js'
import { isNDArray, requireWhole } from '../../../memory/ndarray.js'
import { countIn } from '../../../memory/typed-arrays.js'
import type { Missing, OptionNames } from '../../../options/checks.js'
import { isMissing, optionsFrom } from '../../../options/checks.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'

/** The channels of a probe. Each array has one entry a channel, in any order that all share; files have them in ascending order of ids. */
export interface PhyChannelOptions {
  /** The number of each channel in the raw data, from 0, all distinct: what units have as `electrode`, `channel` or `ch`. */
  ids: ArrayLike<number | bigint>
  /**
   * Where each channel is, in µm: x and y, as an NDArray of channels × 2 or an array of pairs. Default: the place of the first unit on it.
   * Where places are unknown or not distinct, all channels lie on a line.
   */
  positions?: NDArray | readonly (readonly [x: number, y: number])[] | Missing
  /** The shank of each channel. Default 0. */
  shanks?: ArrayLike<number> | Missing
  /** The group of each channel, as SpikeInterface has it, written to `channel_groups.npy` and `cluster_channel_group.tsv`. */
  groups?: ArrayLike<number> | Missing
}

/** A probe, its channels in ascending order of ids. */
export interface Probe {
  ids: Int32Array
  /** x and y of each channel; NaN where it is unknown. */
  positions: Float64Array | undefined
  shanks: Int32Array | undefined
  groups: Int32Array | undefined
}

const OPTIONS: OptionNames<PhyChannelOptions> = { ids: true, positions: true, shanks: true, groups: true }

/** phylib requires more channels in the data than the highest number in the map, all in int32. */
export const MAX_ELECTRODE = 2 ** 31 - 2

const MAX_INT32 = 2 ** 31 - 1

/**
 * The probe that the option `channels` describes; undefined where it is missing.
 *
 * @throws TypeError, RangeError for anything but arrays of numbers of one length, or ids that are not distinct
 */
export function* probeFrom(channels: unknown): Steps<Probe | undefined> {
  if (isMissing(channels)) return undefined
  const given: { [Key in keyof PhyChannelOptions]?: unknown } = optionsFrom(channels as PhyChannelOptions, OPTIONS, 'channels')
  const ids = yield* wholeNumbers(given.ids, 'channels.ids', MAX_ELECTRODE)
  const count = ids.length
  if (count === 0) throw invalidValue('at least one channel', 'channels.ids', given.ids)
  const order = yield* ascending(ids)
  const numbers = function* (name: 'shanks' | 'groups'): Steps<Int32Array | undefined> {
    if (isMissing(given[name])) return undefined
    return yield* inOrder(yield* wholeNumbers(given[name], `channels.${name}`, MAX_INT32, count), order, 1)
  }
  const positions = isMissing(given.positions) ? undefined : yield* positionsFrom(given.positions, count)
  return {
    ids: yield* inOrder(ids, order, 1),
    positions: positions && (yield* inOrder(positions, order, 2)),
    shanks: yield* numbers('shanks'),
    groups: yield* numbers('groups'),
  }
}

/** `count` whole numbers from 0 on. */
function* wholeNumbers(list: unknown, name: string, most: number, expected?: number): Steps<Int32Array> {
  const what = `a whole number from 0 to ${most}`
  if (typeof list !== 'object' || list === null || !('length' in list)) throw invalidType('an array of whole numbers', name, list)
  const count = countIn(list)
  if (expected !== undefined && count !== expected) throw invalidValue(`${expected}, one a channel,`, `${name}.length`, count)
  if (!Number.isInteger(count) || (count as number) < 0 || (count as number) > MAX_ELECTRODE) {
    throw invalidValue(`a whole number from 0 to ${MAX_ELECTRODE}`, `${name}.length`, count)
  }
  const numbers = unset(Int32Array, count as number)
  for (let i = 0; i < numbers.length; i++) {
    const value = (list as ArrayLike<unknown>)[i]
    if (typeof value !== 'number' && typeof value !== 'bigint') throw invalidType(what, `${name}[${i}]`, value)
    const number = Number(value)
    if (!Number.isInteger(number) || number < 0 || number > most) throw invalidValue(what, `${name}[${i}]`, value)
    numbers[i] = number
    if (isDue()) yield
  }
  return numbers
}

/** The places of the ids in ascending order. */
function* ascending(ids: Int32Array): Steps<Uint32Array> {
  const large = unset(BigInt64Array, ids.length)
  for (const [i, id] of ids.entries()) {
    large[i] = BigInt(id)
    if (isDue()) yield
  }
  const { firsts, rows } = yield* distinctIds(large)
  for (const [i, id] of ids.entries()) {
    const first = firsts[rows[i] as number] as number
    if (first !== i) throw invalidValue(`another id than channels.ids[${first}]`, `channels.ids[${i}]`, id)
    if (isDue()) yield
  }
  return firsts
}

/** Rows of `width` numbers in another order. */
function* inOrder<T extends Int32Array | Float64Array>(rows: T, order: Uint32Array, width: number): Steps<T> {
  const sorted = unset(rows.constructor as new (length: number) => T, rows.length)
  for (const [i, place] of order.entries()) {
    for (let k = 0; k < width; k++) sorted[width * i + k] = rows[width * place + k] as number
    if (isDue()) yield
  }
  return sorted
}

function* positionsFrom(given: unknown, count: number): Steps<Float64Array> {
  const name = 'channels.positions'
  const positions = unset(Float64Array, 2 * count)
  if (isNDArray(given)) {
    requireWhole(given, () => name)
    const [rows, columns] = given.shape
    if (given.shape.length !== 2 || rows !== count || columns !== 2) {
      throw invalidValue(`${count} × 2, x and y of each channel,`, `${name}.shape`, given.shape)
    }
    for (let i = 0; i < positions.length; i++) {
      positions[i] = Number(given.data[i])
      if (isDue()) yield
    }
    return positions
  }
  if (!Array.isArray(given)) throw invalidType('an NDArray or an array of pairs', name, given)
  if (given.length !== count) throw invalidValue(`${count}, one a channel,`, `${name}.length`, given.length)
  for (let i = 0; i < count; i++) {
    const pair: unknown = given[i]
    if (!Array.isArray(pair)) throw invalidType('x and y in µm', `${name}[${i}]`, pair)
    const [x, y]: unknown[] = pair
    if (pair.length !== 2) throw invalidValue('x and y in µm', `${name}[${i}]`, pair)
    if (typeof x !== 'number' || typeof y !== 'number') throw invalidType('x and y in µm', `${name}[${i}]`, pair)
    positions.set([x, y], 2 * i)
    if (isDue()) yield
  }
  return positions
}
