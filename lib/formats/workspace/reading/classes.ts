/**
 * SpikeLab's classes in a workspace that is loaded.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { zeros } from '../../../memory/allocation.js'
import { NDArray, sizeOf } from '../../../memory/ndarray.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { PairwiseCompMatrix } from '../../../model/pairwise-comp-matrix.js'
import { PairwiseCompMatrixStack } from '../../../model/pairwise-comp-matrix-stack.js'
import { RateData } from '../../../model/rate-data.js'
import { RateSliceStack } from '../../../model/rate-slice-stack.js'
import { SpikeData } from '../../../model/spike-data.js'
import { SpikeSliceStack } from '../../../model/spike-slice-stack.js'
import type { PlainObject } from '../../../recording/attributes.js'
import { isPlainObject } from '../../../recording/attributes.js'
import type { LazilyLoaded } from '../../../recording/lazy-loading.js'
import { recordingOf } from '../../../recording/lazy-loading.js'
import type { LoadedSpikes } from '../../../recording/loaded-spikes.js'
import { timeProblem } from '../../../recording/loaded-spikes.js'
import { splitIndex } from '../../../recording/ragged-index.js'
import type { SpikeDataOptions } from '../../../recording/spike-data-builder.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import type { TimeWindow } from '../../../recording/windows.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { lazyRagged } from '../../hdf5/lazy-ragged.js'
import type { SpikeLabObject } from '../../pickle/write.js'
import { listOf } from './arrays.js'
import { neuronAttributes } from './attributes.js'
import { spikelabJson } from './json.js'
import type { Child, Finish, Found, Walk } from './walk.js'
import { BATCH, numberOf, textIn } from './walk.js'

/** Plans an object of a class, whose group was found. */
type Plan = (walk: Walk, group: Found) => Promise<Finish<SpikeLabObject>>

/** By their names in the file. */
export const CLASSES: ReadonlyMap<string, Plan> = new Map<string, Plan>([
  ['SpikeData', spikeData],
  ['RateData', rateData],
  ['RateSliceStack', rateSliceStack],
  ['SpikeSliceStack', spikeSliceStack],
  ['PairwiseCompMatrix', pairwiseMatrix],
  ['PairwiseCompMatrixStack', pairwiseStack],
])

/** What a recording's group has. */
const OF_RECORDING = ['spike_times', 'spike_times_index', 'raw_data', 'raw_time', 'neuron_attributes'] as const

async function spikeData(walk: Walk, group: Found): Promise<Finish<SpikeData>> {
  return recording(walk, group, await partsOf(walk, group.path, OF_RECORDING))
}

/** What is in a group, by name. */
type Parts<Name extends string> = Readonly<Record<Name, Found | undefined>>

async function partsOf<Name extends string>(walk: Walk, path: string, names: readonly Name[]): Promise<Parts<Name>> {
  return named(names, await walk.describeAll(names.map((name) => `${path}/${name}`)))
}

function named<Name extends string>(names: readonly Name[], found: readonly (Found | undefined)[]): Parts<Name> {
  return Object.fromEntries(names.map((name, i) => [name, found[i]])) as Parts<Name>
}

async function recording(walk: Walk, group: Found, parts: Parts<(typeof OF_RECORDING)[number]>): Promise<Finish<SpikeData>> {
  const { path } = group
  const { signal } = walk
  const N = numberOf(walk, group, 'N')
  if (!(Number.isInteger(N) && N >= 0 && N <= MAX_UNITS)) throw walk.error(`its N is ${N}, no number of units up to ${MAX_UNITS}`, path)
  const length = numberOf(walk, group, 'length_ms')
  const startTime = numberOf(walk, group, 'start_time', 0)
  const indexPath = `${path}/spike_times_index`
  const spikesLater = timesOf(walk, list(walk, `${path}/spike_times`, parts.spike_times))
  const index = walk.room(list(walk, indexPath, parts.spike_times_index))
  const raw = rawData(walk, path, parts)
  const metadata = metadataOf(walk, group)
  const attributes = await neuronAttributes(walk, `${path}/neuron_attributes`, parts.neuron_attributes, N)
  return async () => {
    const split = await inSlices(splitIndex(index, spikesLater.count, 'ends', undefined), signal)
    if (split.problem !== undefined) throw walk.error(split.problem, indexPath)
    const known = { N, length, startTime, neuronAttributes: await attributes(), metadata: await metadata() }
    const options: SpikeDataOptions = raw ? { ...known, ...raw() } : known
    const spikes = await spikesLater.split(split.ends)
    const made = await walk.made(path, () => recordingOf(spikes, options, { tolerance: 0, endsAfterLast: false }, signal))
    if (made.problem) throw walk.error(timeProblem(made.problem, startTime), `${path}/spike_times`)
    walk.moved += made.moved
    return new SpikeData(made.recording)
  }
}

/** Spike times that are yet to be read. */
interface TimesLater {
  readonly count: number
  /** @param ends - cumulative end counts, one a unit */
  readonly split: (ends: BigInt64Array) => Promise<LoadedSpikes | LazilyLoaded>
}

/** Makes room for times in ms, or leaves them for later. */
function timesOf(walk: Walk, dataset: Hdf5Dataset): TimesLater {
  const { file, lazy } = walk
  if (!lazy) {
    const times = walk.room(dataset, Float64Array)
    return { count: times.length, split: async (ends) => ({ times, ends }) }
  }
  const count = sizeOf(dataset.shape)
  walk.readLater(count * Float64Array.BYTES_PER_ELEMENT)
  return { count, split: (ends) => lazyRagged(file, dataset, ends, undefined, lazy, walk.reading) }
}

/** A dataset of one axis. */
function list(walk: Walk, path: string, found: Found | undefined): Hdf5Dataset {
  const dataset = walk.dataset(path, found)
  if (dataset.shape.length !== 1) throw walk.error(`it has ${dataset.shape.length} axes, where a list has one`, path)
  return dataset
}

/**
 * Raw samples with their times, each in its own dtype; undefined where there are none. SpikeLab does not write samples of no channels: then
 * there are times alone.
 */
function rawData(
  walk: Walk,
  path: string,
  parts: Parts<'raw_data' | 'raw_time'>,
): (() => { rawData: NDArray; rawTime: NumericArray | number }) | undefined {
  const { raw_data: data, raw_time: time } = parts
  if (!data && !time) return undefined
  const times = walk.dataset(`${path}/raw_time`, time)
  if (times.shape.length > 1) throw walk.error('it is no list of times: it has several axes', times.path)
  const isRate = times.shape.length === 0
  const timeNumbers = walk.room(times)
  const samples = data && arrayRoom(walk, `${path}/raw_data`, data)
  return () => ({
    rawData: samples ?? new NDArray(new Float64Array(0), [0, timeNumbers.length]),
    rawTime: isRate ? Number(timeNumbers[0]) : timeNumbers,
  })
}

function arrayRoom(walk: Walk, path: string, found: Found | undefined): NDArray {
  const dataset = walk.dataset(path, found)
  return new NDArray(walk.room(dataset), dataset.shape)
}

/** The numbers of an object, always float64 here. */
function float64Room(walk: Walk, path: string, found: Found | undefined, axes: number): NDArray<Float64Array> {
  const dataset = walk.dataset(path, found)
  if (dataset.shape.length !== axes) throw walk.error(`it has ${dataset.shape.length} axes instead of ${axes}`, path)
  return new NDArray(walk.room(dataset, Float64Array), dataset.shape)
}

async function rateData(walk: Walk, { path }: Found): Promise<Finish<RateData>> {
  const parts = await partsOf(walk, path, ['inst_Frate_data', 'times', 'neuron_attributes'])
  const rates = float64Room(walk, `${path}/inst_Frate_data`, parts.inst_Frate_data, 2)
  const times = walk.room(list(walk, `${path}/times`, parts.times))
  const attributes = await attributesOf(walk, path, parts, rates)
  return async () => {
    const options = { neuronAttributes: await attributes(), signal: walk.signal }
    return walk.made(path, () => RateData.create(rates, times, options))
  }
}

async function rateSliceStack(walk: Walk, group: Found): Promise<Finish<RateSliceStack>> {
  const { path } = group
  const parts = await partsOf(walk, path, ['event_stack', 'times', 'neuron_attributes'])
  const stepSize = numberOf(walk, group, 'step_size')
  const stack = float64Room(walk, `${path}/event_stack`, parts.event_stack, 3)
  const times = windows(walk, path, parts.times)
  const attributes = await attributesOf(walk, path, parts, stack)
  return async () => {
    const options = { stepSize, times: await times(), neuronAttributes: await attributes() }
    return walk.made(path, () => inSlices(RateSliceStack.made(stack, options), walk.signal))
  }
}

function attributesOf(walk: Walk, path: string, parts: Parts<'neuron_attributes'>, { shape }: NDArray) {
  return neuronAttributes(walk, `${path}/neuron_attributes`, parts.neuron_attributes, shape[0] as number)
}

async function spikeSliceStack(walk: Walk, group: Found): Promise<Finish<SpikeSliceStack>> {
  const { path } = group
  const parts = await partsOf(walk, path, ['spike_stack', 'times', 'neuron_attributes'])
  const N = numberOf(walk, group, 'N', Number.NaN)
  const times = windows(walk, path, parts.times)
  const slices = await slicesOf(walk, `${path}/spike_stack`, parts.spike_stack)
  const unitCount = Number.isNaN(N) ? slices.unitCount : N
  const attributes = await neuronAttributes(walk, `${path}/neuron_attributes`, parts.neuron_attributes, unitCount)
  return async () => {
    const spikeStack: SpikeData[] = []
    for (const slice of slices.finish) {
      spikeStack.push(await slice())
      await walk.pause()
    }
    const given = await times()
    // SpikeLab has slices of several durations nowhere but here; they follow each other.
    const options = { times: areAdjoining(given, spikeStack) ? null : given, neuronAttributes: await attributes() }
    return walk.made(path, () => inSlices(SpikeSliceStack.made(spikeStack, options), walk.signal))
  }
}

/** How many slices are described in one call. */
const SLICES_AT_ONCE = Math.floor(BATCH / OF_RECORDING.length)

/** The recordings of a stack, which are called 0, 1, …; and how many units the first has. */
async function slicesOf(
  walk: Walk,
  path: string,
  found: Found | undefined,
): Promise<{ finish: readonly Finish<SpikeData>[]; unitCount: number }> {
  if (found?.kind !== 'group') throw walk.error(found ? 'it is no group' : 'it is not there', path)
  const children = await walk.children(path)
  const byName = new Map(children.map((child) => [child.name, child]))
  const finish: Finish<SpikeData>[] = []
  let unitCount = 0
  for (let from = 0; from < children.length; from += SLICES_AT_ONCE) {
    const slices: Child[] = []
    for (let i = from; i < Math.min(from + SLICES_AT_ONCE, children.length); i++) {
      const slice = byName.get(String(i))
      if (!slice) throw walk.error(`it has ${children.length} slices, and none of the name ${i}`, path)
      if (i === 0) unitCount = numberOf(walk, slice.found, 'N')
      slices.push(slice)
    }
    const parts = await walk.describeAll(slices.flatMap((slice) => OF_RECORDING.map((name) => `${slice.path}/${name}`)))
    for (const [i, slice] of slices.entries()) {
      const own = parts.slice(i * OF_RECORDING.length, (i + 1) * OF_RECORDING.length)
      finish.push(await recording(walk, slice.found, named(OF_RECORDING, own)))
      await walk.pause()
    }
  }
  return { finish, unitCount }
}

function areAdjoining(windows: readonly TimeWindow[] | null, slices: readonly SpikeData[]): boolean {
  let next = 0
  return windows?.length === slices.length && windows.every(([start, end], i) => start === next && end === (next += slices[i]?.length ?? 0))
}

async function pairwiseMatrix(walk: Walk, group: Found): Promise<Finish<PairwiseCompMatrix>> {
  const { path } = group
  const parts = await partsOf(walk, path, ['matrix', 'labels'])
  const matrix = float64Room(walk, `${path}/matrix`, parts.matrix, 2)
  const labels = labelsOf(walk, path, parts.labels)
  const metadata = metadataOf(walk, group)
  return async () => {
    const options = { labels: await labels(), metadata: await metadata() }
    return walk.made(path, () => new PairwiseCompMatrix(matrix, options))
  }
}

async function pairwiseStack(walk: Walk, group: Found): Promise<Finish<PairwiseCompMatrixStack>> {
  const { path } = group
  const parts = await partsOf(walk, path, ['stack', 'labels', 'times'])
  const stack = float64Room(walk, `${path}/stack`, parts.stack, 3)
  const labels = labelsOf(walk, path, parts.labels)
  const times = parts.times ? windows(walk, path, parts.times) : async () => null
  const metadata = metadataOf(walk, group)
  return async () => {
    const options = { labels: await labels(), times: await times(), metadata: await metadata() }
    return walk.made(path, () => inSlices(PairwiseCompMatrixStack.made(stack, options), walk.signal))
  }
}

function labelsOf(walk: Walk, path: string, found: Found | undefined): Finish<readonly unknown[] | null> {
  return found ? listOf(walk, list(walk, `${path}/labels`, found)) : async () => null
}

/** Windows, slices × 2. Of none, numpy makes an array of one axis. */
function windows(walk: Walk, path: string, found: Found | undefined): Finish<TimeWindow[]> {
  const timesPath = `${path}/times`
  const dataset = walk.dataset(timesPath, found)
  const isNone = dataset.shape.length === 1 && dataset.shape[0] === 0
  if (!isNone && !(dataset.shape.length === 2 && dataset.shape[1] === 2)) throw walk.error('it is no list of pairs', timesPath)
  const numbers = isNone ? zeros(Float64Array, 0) : walk.room(dataset, Float64Array)
  return () => inSlices(pairs(numbers), walk.signal)
}

function* pairs(numbers: Float64Array): Steps<TimeWindow[]> {
  const list: TimeWindow[] = []
  for (let i = 0; i < numbers.length; i += 2) {
    list.push([numbers[i] as number, numbers[i + 1] as number])
    if (isDue()) yield
  }
  return list
}

function metadataOf(walk: Walk, { path, attributes, pieces }: Found): Finish<PlainObject> {
  const given = attributes.get('__metadata__')
  const text = textIn(given)
  if (given !== undefined && text === undefined) throw walk.error('its attribute __metadata__ is no text', path)
  return async () => {
    if (text === undefined) return {}
    const wrong = (problem: string) => walk.error(`its attribute __metadata__ cannot be read: ${problem}`, path)
    const metadata = await inSlices(spikelabJson(pieces.get('__metadata__') ?? [text], walk.isPlain, wrong), walk.signal)
    if (!isPlainObject(metadata)) throw wrong('it is no object')
    return metadata
  }
}
