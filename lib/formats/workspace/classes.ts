/**
 * SpikeLab's classes in a workspace: the attributes of each one's group, what is in it, and its entry in the index.
 */
import type { Hdf5Attribute } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidValue } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import { pinOwn } from '../../memory/buffers.js'
import type { NDArray } from '../../memory/ndarray.js'
import { requireWhole } from '../../memory/ndarray.js'
import { lengthOf } from '../../memory/typed-arrays.js'
import type { PairwiseCompMatrix } from '../../model/pairwise-comp-matrix.js'
import { isPairwiseCompMatrix } from '../../model/pairwise-comp-matrix.js'
import type { PairwiseCompMatrixStack } from '../../model/pairwise-comp-matrix-stack.js'
import { isPairwiseCompMatrixStack } from '../../model/pairwise-comp-matrix-stack.js'
import type { RateData } from '../../model/rate-data.js'
import { isRateData } from '../../model/rate-data.js'
import type { RateSliceStack } from '../../model/rate-slice-stack.js'
import { isRateSliceStack } from '../../model/rate-slice-stack.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isSpikeData } from '../../model/spike-data.js'
import type { SpikeSliceStack } from '../../model/spike-slice-stack.js'
import { isSpikeSliceStack } from '../../model/spike-slice-stack.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import { rawInMemory } from '../../recording/raw-recording.js'
import type { TimeWindow } from '../../recording/windows.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { valuePath } from '../pickle/pickler.js'
import type { PyFloat } from '../pickle/values.js'
import { pyFloat } from '../pickle/values.js'
import { addNeuronAttributes } from './attributes.js'
import { listData, MOST_AXES } from './lists.js'
import { pythonJson } from './python-json.js'
import type { Tree } from './tree.js'
import { int64 } from './tree.js'

/** What the index says of an item, beside its date and note. */
export type Summary = Readonly<Record<string, string | number | PyFloat | readonly (number | PyFloat)[]>>

/** An object of a class: how it is described, and what it adds below its group. */
export interface Described {
  type: string
  attributes: readonly Hdf5Attribute[]
  summary: Summary
  /** How many spikes and units it has. */
  spikeCount: number
  unitCount: number
  add: () => Steps<void>
}

/**
 * Describes an object of one of the six classes; undefined for anything else.
 *
 * @param keys - what leads to it
 */
export function* described(tree: Tree, path: string, value: unknown, keys: readonly unknown[]): Steps<Described | undefined> {
  if (isSpikeData(value)) return yield* spikeData(tree, path, value, keys)
  if (isRateData(value)) return rateData(tree, path, value, keys)
  if (isRateSliceStack(value)) return rateSliceStack(tree, path, value, keys)
  if (isSpikeSliceStack(value)) return spikeSliceStack(tree, path, value, keys)
  if (isPairwiseCompMatrix(value)) return yield* pairwiseMatrix(tree, path, value, keys)
  if (isPairwiseCompMatrixStack(value)) return yield* pairwiseStack(tree, path, value, keys)
  return undefined
}

function* spikeData(tree: Tree, path: string, sd: SpikeData, keys: readonly unknown[]): Steps<Described> {
  const { N, length, startTime, spikeCount } = sd
  for (const { name: column } of sd.valueColumns) tree.losses.add('spikeValues', [...keys, 'spikeValues', column])
  return {
    type: 'SpikeData',
    attributes: yield* recordingAttributes(tree, sd, keys),
    summary: { N, length_ms: pyFloat(length), start_time: pyFloat(startTime) },
    spikeCount,
    unitCount: N,
    add: () => addRecording(tree, path, sd, sd.neuronAttributes, keys),
  }
}

function* recordingAttributes(tree: Tree, { N, length, startTime, metadata }: SpikeData, keys: readonly unknown[]): Steps<Hdf5Attribute[]> {
  return [
    int64('N', N),
    { name: 'length_ms', value: length },
    { name: 'start_time', value: startTime },
    yield* metadataAttribute(tree, metadata, keys),
  ]
}

/** @param attributes - those to write in place of its own */
function* addRecording(
  tree: Tree,
  path: string,
  sd: SpikeData,
  attributes: readonly NeuronAttributes[] | null,
  keys: readonly unknown[],
): Steps<void> {
  tree.inUse.add(sd)
  const { nativeTrains: trains, rawTimeRateKHz: rateKHz } = sd
  const rawData = rawInMemory(sd, 'as a workspace holds arrays only')
  tree.addNumbers(`${path}/spike_times`, { kind: 'spikeTimes', trains, time: { to: 'ms' } })
  tree.addNumbers(`${path}/spike_times_index`, { kind: 'spikeTimesIndex', trains })
  if (rawData.size > 0) tree.addNumbers(`${path}/raw_data`, arraySource(rawData, [...keys, 'rawData']))
  const samples = rawData.shape.at(-1) as number
  if (samples > 0) {
    const given = (): Source => ({ kind: 'array', data: sd.rawTime, shape: [samples] })
    tree.addNumbers(`${path}/raw_time`, rateKHz === null ? given() : { kind: 'sampleTimes', count: samples, rateKHz, time: { to: 'ms' } })
  }
  yield* addNeuronAttributes(tree, path, attributes, keys)
}

function rateData(
  tree: Tree,
  path: string,
  { N, instFrateData, times, rateUnit, neuronAttributes }: RateData,
  keys: readonly unknown[],
): Described {
  if (rateUnit !== null) tree.losses.add('rateUnit', keys)
  return {
    ...withoutSpikes('RateData', instFrateData, N),
    attributes: [],
    *add() {
      tree.addNumbers(`${path}/inst_Frate_data`, float64Source(instFrateData, [...keys, 'instFrateData']))
      tree.addNumbers(`${path}/times`, { kind: 'array', data: times, shape: [lengthOf(times)], type: 'float64' })
      yield* addNeuronAttributes(tree, path, neuronAttributes, keys)
    },
  }
}

function rateSliceStack(tree: Tree, path: string, stack: RateSliceStack, keys: readonly unknown[]): Described {
  const { eventStack, times, stepSize, neuronAttributes } = stack
  return {
    ...withoutSpikes('RateSliceStack', eventStack),
    attributes: [{ name: 'step_size', value: stepSize }],
    *add() {
      tree.addNumbers(`${path}/event_stack`, float64Source(eventStack, [...keys, 'eventStack']))
      yield* addWindows(tree, path, times)
      yield* addNeuronAttributes(tree, path, neuronAttributes, keys)
    },
  }
}

/** As in SpikeLab, the slices come without attributes of their own. */
function spikeSliceStack(tree: Tree, path: string, stack: SpikeSliceStack, keys: readonly unknown[]): Described {
  const { N, spikeStack, times, neuronAttributes, spikeCount } = stack
  return {
    type: 'SpikeSliceStack',
    attributes: [int64('N', N)],
    summary: { N_slices: spikeStack.length, N_units: N, length_ms: durationOf(times) },
    spikeCount,
    unitCount: N,
    *add() {
      yield* addWindows(tree, path, times)
      for (const [i, slice] of spikeStack.entries()) {
        const slicePath = `${path}/spike_stack/${i}`
        const sliceKeys = [...keys, 'spikeStack', i]
        tree.addGroup(slicePath, yield* recordingAttributes(tree, slice, sliceKeys))
        yield* addRecording(tree, slicePath, slice, null, sliceKeys)
        if (isDue()) yield
      }
      yield* addNeuronAttributes(tree, path, neuronAttributes, keys)
    },
  }
}

/** The duration of all slices, or the shortest and the longest where they differ. */
function durationOf(times: readonly TimeWindow[]): PyFloat | PyFloat[] {
  let [least, most] = [Infinity, -Infinity]
  for (const [start, end] of times) {
    least = Math.min(least, end - start)
    most = Math.max(most, end - start)
  }
  return least === most ? pyFloat(least) : [pyFloat(least), pyFloat(most)]
}

function* pairwiseMatrix(
  tree: Tree,
  path: string,
  { matrix, labels, metadata }: PairwiseCompMatrix,
  keys: readonly unknown[],
): Steps<Described> {
  return {
    ...withoutSpikes('PairwiseCompMatrix', matrix),
    attributes: [yield* metadataAttribute(tree, metadata, keys)],
    *add() {
      tree.addNumbers(`${path}/matrix`, float64Source(matrix, [...keys, 'matrix']))
      yield* addLabels(tree, path, labels, keys)
    },
  }
}

function* pairwiseStack(
  tree: Tree,
  path: string,
  { stack, labels, times, metadata }: PairwiseCompMatrixStack,
  keys: readonly unknown[],
): Steps<Described> {
  return {
    ...withoutSpikes('PairwiseCompMatrixStack', stack),
    attributes: [yield* metadataAttribute(tree, metadata, keys)],
    *add() {
      tree.addNumbers(`${path}/stack`, float64Source(stack, [...keys, 'stack']))
      yield* addLabels(tree, path, labels, keys)
      if (times) yield* addWindows(tree, path, times)
    },
  }
}

function withoutSpikes(type: string, { shape }: NDArray, unitCount = shape[0] as number) {
  return { type, summary: { shape }, spikeCount: 0, unitCount }
}

/**
 * The numbers of an array.
 *
 * @throws RangeError for an array that has shrunk, or has more axes than a file holds
 */
export function arraySource({ data, shape }: Pick<NDArray, 'data' | 'shape'>, keys: readonly unknown[]): Source {
  requireWhole({ data, shape }, () => valuePath(keys))
  if (shape.length > MOST_AXES) throw invalidValue(`at most ${MOST_AXES} axes`, `${valuePath(keys)}.shape`, shape)
  return { kind: 'array', data, shape }
}

function float64Source(array: NDArray, keys: readonly unknown[]): Source {
  return { ...arraySource(array, keys), type: 'float64' } as Source
}

function* metadataAttribute(tree: Tree, metadata: object, keys: readonly unknown[]): Steps<Hdf5Attribute> {
  const metadataKeys = [...keys, 'metadata']
  const utf8 = yield* pythonJson(metadata, metadataKeys, () => tree.losses.add('tuples', metadataKeys))
  return { name: '__metadata__', value: { utf8 } }
}

/** Windows as slices × 2; numpy makes an array of one axis of none. */
function* addWindows(tree: Tree, path: string, windows: readonly TimeWindow[]): Steps<void> {
  const data = pinOwn(unset(Float64Array, 2 * windows.length))
  for (const [i, window] of windows.entries()) {
    data.set(window, 2 * i)
    if (isDue()) yield
  }
  tree.addNumbers(`${path}/times`, { kind: 'array', data, shape: windows.length > 0 ? [windows.length, 2] : [0] })
}

/** Labels, if they are all texts, all numbers or all booleans. */
function* addLabels(tree: Tree, path: string, labels: readonly unknown[] | null, keys: readonly unknown[]): Steps<void> {
  if (!labels?.length) return
  const list = yield* listData(labels)
  if (list?.shape.length === 1) tree.addList(`${path}/labels`, list)
  else tree.losses.add('labels', keys)
}
