/**
 * The templates of a Phy folder, which Phy and most readers of its folders cannot do without: they find a unit's channel by its
 * template, and draw it.
 */
import { npyArrayFile, npyFile } from '../encoding/npy-file.js'
import type { NeuronAttributes } from '../model/attributes.js'
import { copyNumbers, countOf } from '../model/float64.js'
import type { Numbers } from '../model/float64.js'
import { isNDArray } from '../model/ndarray.js'
import { isNumericArray } from '../model/typed-arrays.js'
import type { SpikeData } from '../model/spike-data.js'
import { isMissing } from '../options.js'
import type { PlainFile } from '../plan/byte-segments.js'
import type { Steps } from '../steps.js'
import type { ExportWarning } from '../warnings.js'
import type { PhyChannels } from './phy-channels.js'
import { UnitList } from './unit-list.js'

/** Samples of a template, as KiloSort has them, and the one of its trough. */
const SAMPLES = 61
const TROUGH = 20

/** A placeholder's only sample that is not zero. Below it, as spikes outside of cells are. */
const DEPTH = -1

/** phylib drops an axis of one sample; more than this is no waveform. */
const FEWEST_SAMPLES = 2
const MOST_SAMPLES = 512

/** The largest file, in bytes, that readers have to hold in memory. */
const MAX_FILE_BYTES = 1e9

/** How many units, and how many waveforms, one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024
const STEP_WAVEFORMS = 32

/** The attributes that hold a unit's waveform, those that come first before the others. */
const TEMPLATE_NAMES = ['template', 'waveform_mean'] as const

export interface PhyTemplates {
  files: PlainFile[]
  /** The attributes of units that the templates hold exactly. */
  kept: ReadonlySet<string>
  warnings: ExportWarning[]
}

/**
 * Templates and what goes with them: amplitudes of one, and identity matrices for how templates resemble each other and for what
 * KiloSort whitened its data with.
 */
export function* phyTemplates(
  { N, spikeCount, neuronAttributes }: SpikeData,
  { map, unitChannels }: PhyChannels,
): Steps<PhyTemplates> {
  const waveforms = yield* waveformsOf(neuronAttributes ?? [])
  const { data, samples, missing, kept } = waveforms ?? placeholders(N)
  const channelCount = map.length
  const isDense = 4 * N * samples * channelCount <= MAX_FILE_BYTES
  const matrices = [
    { name: 'similar_templates.npy', size: N },
    { name: 'whitening_mat.npy', size: channelCount },
    { name: 'whitening_mat_inv.npy', size: channelCount },
  ]
  const isSmall = ({ size }: { size: number }) => 4 * size * size <= MAX_FILE_BYTES
  const left = matrices.filter((matrix) => !isSmall(matrix)).map(({ name }) => name)
  return {
    files: [
      ...(isDense ? denseFiles(data, samples, channelCount, unitChannels) : sparseFiles(data, samples, unitChannels)),
      onesFile('amplitudes.npy', [spikeCount], 1),
      ...matrices.filter(isSmall).map(({ name, size }) => onesFile(name, [size, size], size + 1)),
    ],
    kept,
    warnings: [...(missing ? [placeholdersUsed(missing)] : []), ...(isDense && left.length === 0 ? [] : [tooLarge(isDense, left)])],
  }
}

function denseFiles(data: Float32Array, samples: number, channelCount: number, places: Int32Array): PlainFile[] {
  const shape = [places.length, samples, channelCount]
  return [npyFile('templates.npy', '<f4', shape, { column: 'oneColumnEach', data, rows: samples, columns: channelCount, places })]
}

/** KiloSort's name for the index, and phylib's. */
function sparseFiles(data: Float32Array, samples: number, channels: Int32Array): PlainFile[] {
  return [
    ...denseFiles(data, samples, 1, new Int32Array(channels.length)),
    npyArrayFile('templates_ind.npy', channels, [channels.length, 1]),
    npyArrayFile('template_ind.npy', channels, [channels.length, 1]),
  ]
}

function onesFile(name: string, shape: readonly number[], step: number): PlainFile {
  return npyFile(name, '<f4', shape, { column: 'ones', type: 'float32', shape, first: 0, step })
}

interface Waveforms {
  /** Samples, the same for all units; or units × samples. */
  data: Float32Array
  samples: number
  /** The units whose waveforms are placeholders; none where all are real. */
  missing: UnitList | 'all' | undefined
  kept: ReadonlySet<string>
}

function placeholders(unitCount: number): Waveforms {
  const data = new Float32Array(SAMPLES)
  data[TROUGH] = DEPTH
  return { data, samples: SAMPLES, missing: unitCount > 0 ? 'all' : undefined, kept: new Set() }
}

/**
 * The waveforms of units on their own channel, with placeholders for units that have none; undefined where no unit has one, or
 * they are not all of one length.
 */
function* waveformsOf(attributes: readonly NeuronAttributes[]): Steps<Waveforms | undefined> {
  const { name, samples } = (yield* firstWaveform(attributes)) ?? {}
  if (name === undefined || samples === undefined) return undefined
  const data = new Float32Array(attributes.length * samples)
  const waveform = new Float64Array(samples)
  const missing = new UnitList()
  for (const [unit, { [name]: value }] of attributes.entries()) {
    if (unit % STEP_WAVEFORMS === 0) yield
    if (isMissing(value)) {
      missing.add(unit)
      data[unit * samples + Math.floor(samples / 3)] = DEPTH
      continue
    }
    const numbers = waveformIn(value)
    if (!numbers || sampleCount(numbers) !== samples) return undefined
    yield* copyNumbers(numbers, `${name} of unit ${unit}`, waveform)
    if (!waveform.every((sample) => Number.isFinite(Math.fround(sample))) || waveform.every((sample) => sample === 0)) return undefined
    data.set(waveform, unit * samples)
  }
  return { data, samples, missing: missing.isEmpty ? undefined : missing, kept: new Set([name]) }
}

function* firstWaveform(attributes: readonly NeuronAttributes[]): Steps<{ name: string; samples: number | undefined } | undefined> {
  for (const name of TEMPLATE_NAMES) {
    for (const [unit, { [name]: value }] of attributes.entries()) {
      if (!isMissing(value)) return { name, samples: sampleCount(waveformIn(value)) }
      if (unit % STEP_UNITS === 0) yield
    }
  }
  return undefined
}

function sampleCount(waveform: Numbers | undefined): number | undefined {
  return waveform && countOf(waveform, 'a template')
}

/** The samples of a waveform on one channel; undefined for anything else. */
function waveformIn(value: unknown): Numbers | undefined {
  if (isNDArray(value) && value.shape.slice(1).some((length) => length !== 1)) return undefined
  const numbers: unknown = isNDArray(value) ? value.data : value
  if (!isNumericArray(numbers) && !Array.isArray(numbers)) return undefined
  const count = countOf(numbers, 'a template')
  if (count < FEWEST_SAMPLES || count > MOST_SAMPLES) return undefined
  return isNumericArray(numbers) || numbers.every((sample) => typeof sample === 'number') ? numbers : undefined
}

function placeholdersUsed(missing: UnitList | 'all'): ExportWarning {
  return {
    code: 'SPIKEPORT_PHY_PLACEHOLDERS',
    message: `The templates of ${missing === 'all' ? 'all units' : missing} in the Phy folder are placeholders: their waveforms were not recorded.`,
  }
}

function tooLarge(isDense: boolean, left: readonly string[]): ExportWarning {
  const sparse =
    'Templates of more than 1 GB are sparse in the Phy folder: ' +
    'Phy reads them, by template_ind.npy, and SpikeInterface, SpikeLab, Bombcell and DataJoint do not.'
  const without = `Identity matrices of more than 1 GB are left out of the Phy folder: ${left.join(', ')}.`
  return { code: 'SPIKEPORT_PHY_LARGE', message: [...(isDense ? [] : [sparse]), ...(left.length > 0 ? [without] : [])].join(' ') }
}
