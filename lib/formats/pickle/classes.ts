/**
 * SpikeLab's classes as Python sees them: their modules, and their instance dicts in the order SpikeLab itself fills them.
 *
 * Python makes the instances without `__init__`: the model classes have done its checks and conversions.
 */
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { PairwiseCompMatrix } from '../../model/pairwise-comp-matrix.js'
import type { PairwiseCompMatrixStack } from '../../model/pairwise-comp-matrix-stack.js'
import type { RateData } from '../../model/rate-data.js'
import type { RateSliceStack } from '../../model/rate-slice-stack.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { SpikeSliceStack } from '../../model/spike-slice-stack.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import { rawInMemory } from '../../recording/raw-recording.js'
import type { TimeWindow } from '../../recording/windows.js'
import type { PythonAttribute } from './values.js'
import { LazyList, PythonObject, pyFloat, pyTuple, SourceArray, TrainList } from './values.js'

/** @param neuronAttributes - the attributes to write in place of its own */
export function spikeDataObject(
  data: SpikeData,
  neuronAttributes: readonly NeuronAttributes[] | null = data.neuronAttributes,
): PythonObject {
  return spikeLabObject(data, 'spikedata', 'SpikeData', [
    ['train', new TrainList(data.nativeTrains), 'train'],
    ['start_time', pyFloat(data.startTime), 'startTime'],
    ['length', pyFloat(data.length), 'length'],
    ['N', data.N, 'N'],
    ['raw_data', rawInMemory(data, 'as a pickle holds all samples'), 'rawData'],
    ['raw_time', rawTimeOf(data), 'rawTime'],
    ['metadata', data.metadata, 'metadata'],
    ['neuron_attributes', neuronAttributes, 'neuronAttributes'],
  ])
}

export function rateDataObject(data: RateData): PythonObject {
  return spikeLabObject(data, 'ratedata', 'RateData', [
    ['inst_Frate_data', data.instFrateData, 'instFrateData'],
    ['times', data.times, 'times'],
    ['rate_unit', data.rateUnit, 'rateUnit'],
    ['N', data.N, 'N'],
    ['neuron_attributes', data.neuronAttributes, 'neuronAttributes'],
  ])
}

export function pairwiseCompMatrixObject(matrix: PairwiseCompMatrix): PythonObject {
  return spikeLabObject(matrix, 'pairwise', 'PairwiseCompMatrix', [
    ['matrix', matrix.matrix, 'matrix'],
    ['labels', matrix.labels, 'labels'],
    ['metadata', matrix.metadata, 'metadata'],
  ])
}

export function pairwiseCompMatrixStackObject(stack: PairwiseCompMatrixStack): PythonObject {
  return spikeLabObject(stack, 'pairwise', 'PairwiseCompMatrixStack', [
    ['stack', stack.stack, 'stack'],
    ['labels', stack.labels, 'labels'],
    ['times', stack.times && tuplesOfFloats(stack.times), 'times'],
    ['metadata', stack.metadata, 'metadata'],
  ])
}

export function rateSliceStackObject(stack: RateSliceStack): PythonObject {
  return spikeLabObject(stack, 'rateslicestack', 'RateSliceStack', [
    ['event_stack', stack.eventStack, 'eventStack'],
    ['times', tuplesOfFloats(stack.times), 'times'],
    ['step_size', pyFloat(stack.stepSize), 'stepSize'],
    ['neuron_attributes', stack.neuronAttributes, 'neuronAttributes'],
  ])
}

/** As in SpikeLab, the slices come without attributes of their own. */
export function spikeSliceStackObject(stack: SpikeSliceStack): PythonObject {
  return spikeLabObject(stack, 'spikeslicestack', 'SpikeSliceStack', [
    ['spike_stack', new LazyList(stack.spikeStack, (slice) => spikeDataObject(slice, null)), 'spikeStack'],
    ['times', tuplesOfFloats(stack.times), 'times'],
    ['N', stack.N, 'N'],
    ['neuron_attributes', stack.neuronAttributes, 'neuronAttributes'],
  ])
}

function spikeLabObject(source: object, module: string, name: string, state: readonly PythonAttribute[]): PythonObject {
  return new PythonObject(source, `spikelab.spikedata.${module}`, name, state)
}

/** Native code computes times that are given as a sampling rate. */
function rawTimeOf(data: SpikeData): NumericArray | SourceArray {
  const { rawTimeRateKHz: rateKHz } = data
  if (rateKHz === null) return data.rawTime
  const count = data.rawData.shape.at(-1) as number
  return new SourceArray({ kind: 'sampleTimes', count, rateKHz, time: { to: 'ms' } }, '<f8', [count])
}

function tuplesOfFloats(windows: readonly TimeWindow[]): LazyList<TimeWindow> {
  return new LazyList(windows, ([start, end]) => pyTuple(pyFloat(start), pyFloat(end)))
}
