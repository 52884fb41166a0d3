/**
 * The templates of a Phy folder, which Phy and most readers of its folders cannot do without: they find a unit's channel by its
 * template, and draw it.
 */
import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import type { ExportWarning, UnitList } from '../../../engine/warnings.js'
import { unset } from '../../../memory/allocation.js'
import type { SpikeData } from '../../../model/spike-data.js'
import type { Steps } from '../../../steps.js'
import { inRanges } from '../../../steps.js'
import { npyArrayFile, npyFile } from '../files/npy.js'
import type { PhyChannels } from './channels.js'
import type { Prepare, RawTemplatesRequest } from './raw-templates.js'
import { rawTemplates } from './raw-templates.js'
import type { Waveforms } from './waveforms.js'
import { placeholders, waveformsOf } from './waveforms.js'

/** The largest file, in bytes, that readers have to hold in memory. */
const MAX_FILE_BYTES = 1e9

export interface PhyTemplates {
  files: PlainFile[]
  /** The attributes of units that the templates hold exactly. */
  kept: ReadonlySet<string>
  warnings: ExportWarning[]
  /** Those that are on the first channel, as theirs is not known. */
  unplaced: UnitList
  /** Whether templates can be on several channels. */
  areWide: boolean
  prepare: Prepare | undefined
}

/**
 * Templates, and identity matrices for how they resemble each other and for what KiloSort whitened its data with.
 *
 * @param request - where templates are means over the raw data
 */
export function* phyTemplates(sd: SpikeData, channels: PhyChannels, request: RawTemplatesRequest | undefined): Steps<PhyTemplates> {
  const { N, neuronAttributes } = sd
  const channelCount = channels.map.length
  const isSmallEnough = (samples: number) => 4 * N * samples * channelCount <= MAX_FILE_BYTES
  let prepare: Prepare | undefined
  let waveforms: Waveforms
  if (request) {
    ;({ waveforms, prepare } = yield* rawTemplates(sd, channels, request, isSmallEnough(request.before + request.after)))
  } else {
    waveforms = (yield* waveformsOf(neuronAttributes ?? [], channels)) ?? (yield* placeholders(N, channels))
  }
  const { missing, kept, unplaced, width } = waveforms
  const isDense = isSmallEnough(waveforms.samples)
  const matrices = [
    { name: 'similar_templates.npy', size: N },
    { name: 'whitening_mat.npy', size: channelCount },
    { name: 'whitening_mat_inv.npy', size: channelCount },
  ]
  const isSmall = ({ size }: { size: number }) => 4 * size * size <= MAX_FILE_BYTES
  const left = matrices.filter((matrix) => !isSmall(matrix)).map(({ name }) => name)
  const isWhole = prepare !== undefined && isDense
  const files = isWhole ? [wholeFile(waveforms, N)] : isDense ? [denseFile(waveforms, channelCount)] : yield* sparseFiles(waveforms, N)
  return {
    files: [...files, ...matrices.filter(isSmall).map(({ name, size }) => onesFile(name, [size, size], size + 1))],
    kept,
    warnings: [...(missing ? [placeholdersUsed(missing)] : []), ...(isDense && left.length === 0 ? [] : [tooLarge(isDense, left)])],
    unplaced,
    areWide: request !== undefined || width > 1,
    prepare,
  }
}

const TEMPLATES = 'templates.npy'

/** Waveforms that are all on all channels. */
function wholeFile({ data, samples, width }: Waveforms, unitCount: number): PlainFile {
  return npyArrayFile(TEMPLATES, data, [unitCount, samples, width])
}

function denseFile({ data, samples, width, places }: Waveforms, channelCount: number): PlainFile {
  const shape = [places.length / width, samples, channelCount]
  return npyFile(TEMPLATES, '<f4', shape, { kind: 'columnsEach', data, rows: samples, columns: channelCount, places, width })
}

/** KiloSort's name for the index, and phylib's. */
function* sparseFiles(waveforms: Waveforms, unitCount: number): Steps<PlainFile[]> {
  const { width, places } = waveforms
  const columns = unset(Int32Array, places.length)
  yield* inRanges(columns.length, (from, to) => {
    for (let i = from; i < to; i++) columns[i] = i % width
  })
  return [
    denseFile({ ...waveforms, places: columns }, width),
    npyArrayFile('templates_ind.npy', places, [unitCount, width]),
    npyArrayFile('template_ind.npy', places, [unitCount, width]),
  ]
}

export function onesFile(name: string, shape: readonly number[], step: number): PlainFile {
  return npyFile(name, '<f4', shape, { kind: 'ones', type: 'float32', shape, first: 0, step })
}

function placeholdersUsed(missing: UnitList | 'all'): ExportWarning {
  return {
    code: 'SPIKEPORT_PHY_PLACEHOLDERS',
    message: `The templates of ${missing === 'all' ? 'all units' : missing} in the Phy folder are placeholders, as no usable waveform was given.`,
  }
}

function tooLarge(isDense: boolean, left: readonly string[]): ExportWarning {
  const sparse =
    'Templates of more than 1 GB are sparse in the Phy folder: ' +
    'Phy reads them, by template_ind.npy, and SpikeInterface, SpikeLab, Bombcell and DataJoint do not.'
  const without = `Identity matrices of more than 1 GB are left out of the Phy folder: ${left.join(', ')}.`
  return { code: 'SPIKEPORT_PHY_LARGE', message: [...(isDense ? [] : [sparse]), ...(left.length > 0 ? [without] : [])].join(' ') }
}
