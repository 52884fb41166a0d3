/**
 * Makes objects of SpikeLab's classes from their instance dicts, which are in any order.
 */
import { PairwiseCompMatrix } from '../../../model/pairwise-comp-matrix.js'
import { PairwiseCompMatrixStack } from '../../../model/pairwise-comp-matrix-stack.js'
import { RateData } from '../../../model/rate-data.js'
import { RateSliceStack } from '../../../model/rate-slice-stack.js'
import { SpikeData } from '../../../model/spike-data.js'
import { SpikeSliceStack } from '../../../model/spike-slice-stack.js'
import type { LazySpool } from '../../../recording/lazy-loading.js'
import { recordingOf } from '../../../recording/lazy-loading.js'
import { NOTHING_MOVES, timeProblem } from '../../../recording/loaded-spikes.js'
import type { SpikeDataOptions } from '../../../recording/spike-data-builder.js'
import { inSlices } from '../../../steps.js'
import type { SpikeLabObject } from '../write.js'
import type { ObjectContext } from './instance-attributes.js'
import { Attributes } from './instance-attributes.js'
import type { InstanceNode } from './nodes.js'
import { InstanceNode as Instance } from './nodes.js'
import { readStoredBytes } from './stored-bytes.js'
import type { TrainFile } from './stored-trains.js'
import { lazyTrains, takeOut } from './stored-trains.js'

/**
 * @throws FormatError for attributes that are missing, of another type, or refused by the constructor
 */
export async function objectFrom(node: InstanceNode, context: ObjectContext): Promise<SpikeLabObject> {
  const attributes = new Attributes(node, context)
  switch (node.className) {
    case 'SpikeData':
      return spikeDataFrom(attributes)
    case 'RateData':
      return rateDataFrom(attributes)
    case 'PairwiseCompMatrix':
      return matrixFrom(attributes)
    case 'PairwiseCompMatrixStack':
      return matrixStackFrom(attributes)
    case 'RateSliceStack':
      return rateSliceStackFrom(attributes)
    case 'SpikeSliceStack':
      return spikeSliceStackFrom(attributes)
  }
}

async function spikeDataFrom(attributes: Attributes): Promise<SpikeData> {
  const { signal } = attributes.context
  const trains = await attributes.trains()
  const options = { ...(await recordingOptions(attributes)), signal }
  return attributes.made(async () => SpikeData.create(trains, options))
}

async function recordingOptions(attributes: Attributes) {
  return {
    N: await attributes.number('N'),
    length: await attributes.number('length'),
    startTime: await attributes.number('start_time', 0),
    neuronAttributes: await attributes.neuronAttributes(),
    metadata: await attributes.metadata(),
    ...(await attributes.rawData()),
  }
}

/**
 * A recording whose spikes stay on the disk.
 *
 * @param node - its instance, of which long bytes were left in the file
 * @throws what {@link objectFrom} does
 */
export async function lazySpikeData(
  node: InstanceNode,
  context: ObjectContext,
  file: TrainFile,
  lazy: LazySpool,
  threads: number | undefined,
): Promise<SpikeData> {
  const { signal, failures } = context
  const attributes = new Attributes(node, context)
  const read = (...nodes: unknown[]) => readStoredBytes(file.pickle, nodes, signal)
  // All but the trains is read first, from the beginning to the end of the file.
  const taken = node.state && takeOut(node.state, 'train')
  await read(node)
  if (taken) node.state?.add('train', taken.node)
  const trains = await attributes.storedTrains(read)
  const options = await recordingOptions(attributes)
  const spikes = await lazyTrains(trains, options.N, file, lazy, { signal, threads })
  const window = { tolerance: NOTHING_MOVES, endsAfterLast: false }
  const loaded = await attributes.made(() => recordingOf(spikes, options as SpikeDataOptions, window, signal))
  if (loaded.problem) throw failures.of(timeProblem(loaded.problem, options.startTime), node.className)
  return new SpikeData(loaded.recording)
}

async function rateDataFrom(attributes: Attributes): Promise<RateData> {
  const { signal } = attributes.context
  const rates = await attributes.array('inst_Frate_data')
  const times = await attributes.numbers('times')
  const neuronAttributes = await attributes.neuronAttributes()
  const rateUnit = (await attributes.value('rate_unit', null)) as string | null
  return attributes.made(async () => RateData.create(rates, times, { neuronAttributes, rateUnit, signal }))
}

async function matrixFrom(attributes: Attributes): Promise<PairwiseCompMatrix> {
  const matrix = await attributes.array('matrix')
  const options = { labels: await attributes.labels(), metadata: await attributes.metadata() }
  return attributes.made(() => new PairwiseCompMatrix(matrix, options))
}

async function matrixStackFrom(attributes: Attributes): Promise<PairwiseCompMatrixStack> {
  const stack = await attributes.array('stack')
  const options = { labels: await attributes.labels(), times: await attributes.windows(), metadata: await attributes.metadata() }
  return attributes.made(() => inSlices(PairwiseCompMatrixStack.made(stack, options), attributes.context.signal))
}

async function rateSliceStackFrom(attributes: Attributes): Promise<RateSliceStack> {
  const stack = await attributes.array('event_stack')
  const options = {
    times: await attributes.windows(),
    stepSize: await attributes.number('step_size'),
    neuronAttributes: await attributes.neuronAttributes(),
  }
  return attributes.made(() => inSlices(RateSliceStack.made(stack, options), attributes.context.signal))
}

async function spikeSliceStackFrom(attributes: Attributes): Promise<SpikeSliceStack> {
  const { context } = attributes
  const slices: SpikeData[] = []
  for (const [i, slice] of attributes.items('spike_stack').entries()) {
    if (!(slice instanceof Instance) || slice.className !== 'SpikeData')
      throw attributes.wrong(`entry ${i} of spike_stack`, 'is no SpikeData')
    slices.push(await spikeDataFrom(new Attributes(slice, context, `spike_stack[${i}]`)))
  }
  const options = { times: await attributes.windows(), neuronAttributes: await attributes.neuronAttributes() }
  return attributes.made(() => inSlices(SpikeSliceStack.made(slices, options), context.signal))
}
