/**
 * Recognises sortings of SpikeInterface, and finds out what they hold without reading spikes.
 */
import { readNpyHeader } from '../../files/npy.js'
import { NpzArchive } from '../../files/npz.js'
import { withFile } from '../../files/random-access.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import { incomplete } from '../../jobs/findings.js'
import type { LoaderTable } from '../../jobs/option-tables.js'
import type { Reader, Recognition } from '../../jobs/reader.js'
import { entryPath } from '../../storage/paths.js'
import { folderInfo, SPIKES } from './folder.js'
import { attributeNames } from './properties.js'
import type { LoadSpikeInterfaceOptions } from './read.js'
import { loadSpikeDataFromSpikeInterface, NPZ_IN_FOLDER, NUMPY_FOLDER_INFO, OPTIONS } from './read.js'
import { propertyKinds } from './saved-properties.js'
import type { PropertyKind } from './sorting.js'

/** The arrays of its `.npz`. */
const ARRAYS = ['unit_ids', 'num_segment', 'sampling_frequency'] as const

/** As the registry lists it. */
export const spikeInterface: Reader<'spikeinterface', LoadSpikeInterfaceOptions> = {
  name: 'spikeinterface',
  options: OPTIONS,
  lookedFor: {
    file: `an .npz of SpikeInterface (${ARRAYS.join(', ')})`,
    folder: `a sorting of SpikeInterface (${NUMPY_FOLDER_INFO} or ${NPZ_IN_FOLDER})`,
  },
  described: {
    segmentIndex: { value: 'number', text: 'Which segment of the sorting. Default 0' },
    unitIds: { value: 'json', text: 'The ids of the units to load, an array in their order. Default: all' },
    samplingFrequency: { value: 'number', text: "The sampling frequency in Hz, instead of the sorting's" },
  } satisfies LoaderTable<LoadSpikeInterfaceOptions>,
  recognise,
  load: loadSpikeDataFromSpikeInterface,
  inspect,
}

async function recognise(candidate: Candidate): Promise<Recognition> {
  const { folder } = candidate
  const isIts = folder ? folder.has(NUMPY_FOLDER_INFO) || folder.has(NPZ_IN_FOLDER) : await candidate.hasArrays(...ARRAYS)
  return isIts ? 'mark' : undefined
}

async function inspect(candidate: Candidate): Promise<Findings> {
  const { folder, absolute, path, signal } = candidate
  const propertiesOf = (unitCount: number) => propertyKinds(absolute, path, unitCount, signal)
  if (!folder) return ofNpz((await candidate.npz()) as NpzArchive, 'npz', async () => [])
  if (folder.has(NUMPY_FOLDER_INFO)) return ofNumpyFolder(absolute, path, propertiesOf)
  const npz = entryPath(path, NPZ_IN_FOLDER)
  return withFile(entryPath(absolute, NPZ_IN_FOLDER), npz, async (file) =>
    ofNpz(await NpzArchive.open(file, npz, signal), 'npz_folder', propertiesOf),
  )
}

/** The properties of so many units. */
type PropertiesOf = (unitCount: number) => Promise<readonly PropertyKind[]>

async function ofNumpyFolder(absolute: string, path: string, propertiesOf: PropertiesOf): Promise<Findings> {
  const { samplingFrequency, unitIds, segmentCount } = await folderInfo(absolute, path, NUMPY_FOLDER_INFO)
  const place = entryPath(path, SPIKES)
  const { count } = await withFile(entryPath(absolute, SPIKES), place, (file) => readNpyHeader(file, { path: place }))
  const isOne = segmentCount === 1
  return {
    ...findings('numpy_folder', samplingFrequency, unitIds.length, segmentCount, await propertiesOf(unitIds.length)),
    ...(isOne && { spikes: count }),
  }
}

async function ofNpz(archive: NpzArchive, variant: string, propertiesOf: PropertiesOf): Promise<Findings> {
  const { shape } = await archive.header('unit_ids')
  const [units = 0] = shape
  const segments = await archive.number('num_segment')
  const { count } = await archive.header('spike_indexes_seg0')
  const fsHz = await archive.number('sampling_frequency')
  return { ...findings(variant, fsHz, units, segments, await propertiesOf(units)), spikes: count }
}

function findings(variant: string, fsHz: number, units: number, segments: number, properties: readonly PropertyKind[]): Findings {
  const message = `The sorting has ${segments} segments, of which the first is loaded without the option segmentIndex.`
  return {
    variant,
    fsHz,
    units,
    startTimeMs: 0,
    attributes: units > 0 ? attributeNames(properties) : [],
    rawData: [],
    warnings: segments > 1 ? [incomplete(message)] : [],
  }
}
