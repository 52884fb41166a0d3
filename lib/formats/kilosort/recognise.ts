/**
 * Recognises KiloSort and Phy folders and archives of them, and finds out what they hold without reading the times of spikes.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { listed } from '../../engine/warnings.js'
import { FormatError, printable } from '../../errors.js'
import { readNpyHeader } from '../../files/npy.js'
import { numbersNamed, typeString } from '../../files/numpy-dtype.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import { incomplete, unitsUnknown, valuesUnknown } from '../../jobs/findings.js'
import type { Recognition } from '../../jobs/reader.js'
import { repeated } from '../../memory/allocation.js'
import { UNIT_ID } from '../../recording/unit-id.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import { isFileName } from '../../storage/paths.js'
import { CHANNEL_MAP, CHANNEL_POSITIONS, SPIKE_CLUSTERS, SPIKE_TIMES } from './names.js'
import { emptyClusters, rateIn, readParams } from './read.js'
import { unitAttributes } from './reading/attributes.js'
import { CHANNEL, unitChannels } from './reading/channels.js'
import type { Unit } from './reading/clusters.js'
import { clustersWithSpikes, splitByCluster, unitsAmong } from './reading/clusters.js'
import { readSpikeNumbers, spikeNumbers } from './reading/numbers.js'
import type { ParamValue } from './reading/params.js'
import type { Reading, Source } from './reading/source.js'
import { withSource } from './reading/source.js'
import { spikeCount } from './reading/spikes.js'
import type { Tables } from './reading/tables.js'
import { ELECTRODE, readTables, SI_UNIT_ID, tableNames } from './reading/tables.js'

/** Up to this many spikes their clusters are read to count the units: some milliseconds. */
const FEW_SPIKES = 2 ** 19

/** Tables of 100,000 clusters have a few megabytes. */
const MOST_TABLE_BYTES = 2 ** 24

/** The attribute that every unit has. */

/** Of units with more values of tables, none is looked at: some milliseconds. */
const MOST_VALUES = 2 ** 16

/** How long the reasons of a warning are. */
const MOST_OF_PROBLEM = 160

/** Names that no other folder has. */
export async function recogniseKilosort(candidate: Candidate): Promise<Recognition> {
  if (candidate.folder) return candidate.folder.has(SPIKE_TIMES) && candidate.folder.has(SPIKE_CLUSTERS) ? 'mark' : undefined
  const zip = await candidate.zip()
  return zip?.names.some((name) => isTimes(name) && zip.has(name.slice(0, -SPIKE_TIMES.length) + SPIKE_CLUSTERS)) ? 'mark' : undefined
}

/** The spike times of an archive: in its root, or in a folder of it. */
function isTimes(name: string): boolean {
  return name.slice(name.indexOf('/') + 1) === SPIKE_TIMES
}

/** What a folder or archive holds. */
export async function inspectKilosort(candidate: Candidate): Promise<Findings> {
  const { absolute, path, signal } = candidate
  return withSource(absolute, path, SPIKE_TIMES, signal, async (source) => {
    const spikes = await spikesOf(source)
    const params = await readParams(source, { signal })
    const fsHz = rateIn(params)
    const warnings: ExportWarning[] = []
    if (fsHz === undefined) warnings.push(incomplete('No params.py has a sample_rate: loading needs the option fsHz.'))
    const tables = await tablesOf(source, warnings, signal)
    if (tables.skipped.length > 0) {
      warnings.push(incomplete(`Tables of clusters are left out: ${listed(tables.skipped, (text) => printable(text, MOST_OF_PROBLEM))}.`))
    }
    const { units, attributes } = await unitsOf(source, spikes, tables, warnings, signal)
    const channels = await channelsOf(source, params, warnings)
    return {
      variant: candidate.folder ? 'folder' : 'zip',
      ...(fsHz !== undefined && { fsHz }),
      ...(units !== undefined && { units }),
      spikes,
      startTimeMs: 0,
      ...(channels !== undefined && { channels }),
      attributes,
      rawData: await rawDataOf(source, params),
      warnings,
    }
  })
}

/** How many spikes there are, by the headers of both arrays. */
async function spikesOf(source: Source): Promise<number> {
  const numbersOf = async (name: string) => [name, await source.use(name, spikeNumbers)] as const
  return spikeCount(source, await numbersOf(SPIKE_TIMES), await numbersOf(SPIKE_CLUSTERS))
}

/** The tables of clusters, unless they are very large. */
async function tablesOf(source: Source, warnings: ExportWarning[], signal: AbortSignal | undefined): Promise<Tables> {
  let bytes = 0
  for (const name of tableNames(source)) {
    bytes += await source.use(name, async (file) => file.bytes.size)
    if (bytes <= MOST_TABLE_BYTES) continue
    warnings.push(incomplete(`Tables of clusters of more than ${MOST_TABLE_BYTES} bytes are not read.`))
    return { columns: new Map(), skipped: [], lost: [] }
  }
  return readTables(source, undefined, { signal })
}

/** The number of units: of few spikes only. Tables do not have it, as Phy keeps the rows of clusters that were merged. */
async function unitsOf(
  source: Source,
  spikes: number,
  { columns }: Tables,
  warnings: ExportWarning[],
  signal: AbortSignal | undefined,
): Promise<{ units?: number; attributes: string[] }> {
  if (spikes > FEW_SPIKES) {
    warnings.push(unitsUnknown(SPIKE_CLUSTERS))
    return { attributes: possibleAttributes(source, columns) }
  }
  const { units, clusters } = await countedUnits(source, columns, signal)
  if (units.length * (columns.size + 1) <= MOST_VALUES) {
    return { units: units.length, attributes: await attributesOf(source, units, clusters, columns, { signal }) }
  }
  const attributes = possibleAttributes(source, columns)
  warnings.push(...valuesUnknown(attributes.filter((name) => name !== UNIT_ID)))
  return { units: units.length, attributes }
}

/** The units that are loaded, and the clusters that have spikes. */
async function countedUnits(
  source: Source,
  columns: Tables['columns'],
  signal: AbortSignal | undefined,
): Promise<{ units: Unit[]; clusters: Unit[] }> {
  const spikes = await source.use(SPIKE_CLUSTERS, async (file) => {
    const numbers = await spikeNumbers(file)
    const ids = await readSpikeNumbers(numbers, { signal })
    // Their times do not matter.
    const times = await inSlices(repeated(Float64Array, ids.length, 0), signal)
    return splitByCluster(ids, times, { place: file.place, signal })
  })
  const clusters = await inSlices(clustersWithSpikes(spikes.clusters, spikes.split), signal)
  const empty = await emptyClusters(source, spikes, clusters, columns.get(SI_UNIT_ID), { signal })
  return { units: await inSlices(unitsAmong(clusters, empty, undefined), signal), clusters }
}

/** The names of the attributes that the loader gives these units. */
async function attributesOf(
  source: Source,
  units: readonly Unit[],
  clusters: readonly Unit[],
  columns: Tables['columns'],
  reading: Reading,
): Promise<string[]> {
  const question = {
    units,
    clusters,
    spikes: undefined,
    columns,
    labels: undefined,
    mapFile: CHANNEL_MAP,
    positionsFile: CHANNEL_POSITIONS,
  }
  const channels = await unitChannels(source, question, [], reading)
  return inSlices(namesOf(await inSlices(unitAttributes(units, channels, columns), reading.signal)), reading.signal)
}

function* namesOf(units: readonly object[]): Steps<string[]> {
  const names = new Set<string>()
  for (const unit of units) {
    for (const name in unit) names.add(name)
    if (isDue()) yield
  }
  return [...names]
}

/** The names of what the loader may make of tables and channels, for any units. */
function possibleAttributes({ names }: Source, columns: Tables['columns']): string[] {
  const withValues = [...columns].filter(([, column]) => !column.keys().next().done).map(([name]) => name)
  const hasChannels = names.has(CHANNEL_MAP) || withValues.includes(CHANNEL)
  return [...new Set([UNIT_ID, ...(hasChannels ? [ELECTRODE] : []), ...(names.has(CHANNEL_POSITIONS) ? ['location'] : []), ...withValues])]
}

/** The rows of the channel map, else the channels of the raw data. */
async function channelsOf(
  source: Source,
  params: ReadonlyMap<string, ParamValue> | undefined,
  warnings: ExportWarning[],
): Promise<number | undefined> {
  if (source.names.has(CHANNEL_MAP)) {
    try {
      return await source.use(CHANNEL_MAP, async ({ bytes, place }) => (await readNpyHeader(bytes, place)).count)
    } catch (error) {
      // The loader does without, too.
      if (!(error instanceof FormatError)) throw error
      warnings.push(incomplete(error.message))
    }
  }
  return countIn(params, 'n_channels_dat')
}

function countIn(params: ReadonlyMap<string, ParamValue> | undefined, name: string): number | undefined {
  const count = params?.get(name)
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined
}

/** The raw data that `params.py` names, if it is in the folder itself: no other place is looked at. */
async function rawDataOf(source: Source, params: ReadonlyMap<string, ParamValue> | undefined): Promise<Findings['rawData']> {
  const given = params?.get('dat_path')
  const [name] = Array.isArray(given) ? given : [given]
  const channels = countIn(params, 'n_channels_dat')
  const type = params?.get('dtype')
  const dtype = typeof type === 'string' ? numbersNamed(type) : undefined
  if (typeof name !== 'string' || !isFileName(name) || !source.names.has(name) || !channels || !dtype) return []
  const offset = countIn(params, 'offset') ?? 0
  const size = await source.use(name, async ({ bytes }) => bytes.size)
  const samples = Math.max(0, Math.floor((size - offset) / (channels * dtype.itemBytes)))
  return [{ name, shape: [samples, channels], dtype: typeString(dtype) }]
}
