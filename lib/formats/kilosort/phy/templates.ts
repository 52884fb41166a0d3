/**
 * The templates of a Phy folder, which Phy and most readers of its folders cannot do without: they find a unit's channel by its
 * template, and draw it.
 */

import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { copyNumbers, countOf } from '../../../memory/float64.js'
import { isNDArray } from '../../../memory/ndarray.js'
import { isNumericArray } from '../../../memory/typed-arrays.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { Steps } from '../../../steps.js'
import { isDue, spend } from '../../../steps.js'
import { npyArrayFile, npyFile } from '../files/npy.js'
import type { PhyChannels } from './channels.js'

/** Samples of a template, as KiloSort has them. */
const SAMPLES = 61

/** A placeholder's only sample that is not zero. Below it, as spikes outside of cells are. */
const DEPTH = -1

/** phylib drops an axis of one sample; more than this is no waveform. */
const FEWEST_SAMPLES = 2
const MOST_SAMPLES = 512

/** The largest file, in bytes, that readers have to hold in memory. */
const MAX_FILE_BYTES = 1e9

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
export function* phyTemplates({ N, spikeCount, neuronAttributes }: SpikeData, { map, unitChannels }: PhyChannels): Steps<PhyTemplates> {
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
  return [npyFile('templates.npy', '<f4', shape, { kind: 'oneColumnEach', data, rows: samples, columns: channelCount, places })]
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
  return npyFile(name, '<f4', shape, { kind: 'ones', type: 'float32', shape, first: 0, step })
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
  data[troughOf(SAMPLES)] = DEPTH
  return { data, samples: SAMPLES, missing: unitCount > 0 ? 'all' : undefined, kept: new Set() }
}

/** The sample of the trough, as in KiloSort's templates: 20 of 61. */
function troughOf(samples: number): number {
  return Math.floor(samples / 3)
}

/**
 * The waveforms of units on their own channel, all as long as the first one: of each unit the first of its attributes that is such a
 * waveform, and a placeholder where none is. Undefined where no unit has one.
 */
function* waveformsOf(attributes: readonly NeuronAttributes[]): Steps<Waveforms | undefined> {
  const samples = yield* firstLength(attributes)
  if (samples === undefined) return undefined
  const data = new Float32Array(attributes.length * samples)
  const missing = new UnitList()
  const kept = new Set<string>(TEMPLATE_NAMES)
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    let waveform: Float32Array | undefined
    for (const name of TEMPLATE_NAMES) {
      if (isMissing(entry[name])) continue
      const found = waveform ? undefined : yield* waveformIn(entry[name], `${name} of unit ${unit}`)
      if (found?.length === samples) waveform = found
      else kept.delete(name)
    }
    if (waveform) {
      data.set(waveform, unit * samples)
    } else {
      missing.add(unit)
      data[unit * samples + troughOf(samples)] = DEPTH
    }
  }
  return { data, samples, missing: missing.isEmpty ? undefined : missing, kept }
}

function* firstLength(attributes: readonly NeuronAttributes[]): Steps<number | undefined> {
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    for (const name of TEMPLATE_NAMES) {
      const waveform = yield* waveformIn(entry[name], `${name} of unit ${unit}`)
      if (waveform) return waveform.length
    }
  }
  return undefined
}

/** The samples of a waveform on one channel, finite and not all zero as float32; undefined for anything else. */
function* waveformIn(value: unknown, name: string): Steps<Float32Array | undefined> {
  if (isNDArray(value) && value.shape.slice(1).some((length) => length !== 1)) return undefined
  const numbers: unknown = isNDArray(value) ? value.data : value
  if (!isNumericArray(numbers) && !Array.isArray(numbers)) return undefined
  const count = countOf(numbers, name)
  if (count < FEWEST_SAMPLES || count > MOST_SAMPLES) return undefined
  spend(count)
  if (!isNumericArray(numbers) && !numbers.every((sample) => typeof sample === 'number')) return undefined
  const exact = new Float64Array(count)
  yield* copyNumbers(numbers, name, exact)
  const samples = Float32Array.from(exact)
  return samples.every((sample) => Number.isFinite(sample)) && samples.some((sample) => sample !== 0) ? samples : undefined
}

function placeholdersUsed(missing: UnitList | 'all'): ExportWarning {
  return {
    code: 'SPIKEPORT_PHY_PLACEHOLDERS',
    message: `The templates of ${missing === 'all' ? 'all units' : missing} in the Phy folder are placeholders, as no usable waveform on one channel was given.`,
  }
}

function tooLarge(isDense: boolean, left: readonly string[]): ExportWarning {
  const sparse =
    'Templates of more than 1 GB are sparse in the Phy folder: ' +
    'Phy reads them, by template_ind.npy, and SpikeInterface, SpikeLab, Bombcell and DataJoint do not.'
  const without = `Identity matrices of more than 1 GB are left out of the Phy folder: ${left.join(', ')}.`
  return { code: 'SPIKEPORT_PHY_LARGE', message: [...(isDense ? [] : [sparse]), ...(left.length > 0 ? [without] : [])].join(' ') }
}
