/**
 * What is in a folder before an export: files of an earlier one, and files in which a person or another program has worked.
 *
 * There is no mark of ours in a folder: `params.py` may have no comment, an NPY file no room for one, and another file would not be
 * in the reference's folder. So files are known by what they hold. A folder for Phy is ours if its `params.py` is, to the last
 * character. Each of its files has to be one that an export writes, then: tables list all units in order, with names in quotes where
 * nothing else would write them and lines that end otherwise than Phy's do; templates are on one channel, and matrices begin with a
 * one; and `spike_clusters.npy` has the bytes of `spike_templates.npy`, which Phy never changes. A folder of the reference's files is
 * ours if it has the spikes of one unit after the other, or the clusters that the export would write. What is not noticed: a cell of a
 * table, or a number in `params.py`, that was changed in its place; templates, amplitudes and features that were replaced by others, in a
 * folder of an export that had such itself; and in a folder of the reference's files a unit that was split in time
 * or has another id, and a merge that leaves the spikes in order.
 */
import type { SpikeData } from '../../model/spike-data.js'
import { entryPath } from '../../storage/paths.js'
import { isAsWritten } from './files/own-files.js'
import { areSame, isFolder, withFile, withNpyFile } from './files/reading.js'
import { hasSpikesOf, isInUnitOrder } from './files/unit-order.js'
import { CHANNEL_MAP, SPIKE_CLUSTERS, SPIKE_TEMPLATES } from './names.js'
import { isOurPhyFile } from './phy/known-files.js'
import type { Params } from './phy/params.js'
import { MAX_PARAMS_BYTES, PARAMS, paramsIn, RECORDING } from './phy/params.js'

/** What KiloSort and Phy keep in a folder besides spike times, clusters and channel map. Tables of other names are left alone. */
const PHY_FILE =
  /^(params\.py|(spike_(?!times\.|clusters\.)|spikes\.|kept_spikes|templates?[._]|amplitudes|similar_templates|whitening_mat|pc_feature|channel_(?!map\.)|channels\.|_phy_|ops\.).*|cluster_.*\.[ct]sv)$/

/** Where Phy keeps what it has computed from a folder. */
const CACHE = '.phy'

export interface FolderContents {
  /** Files of earlier exports of ours, of those that an export need not have. */
  ours: readonly string[]
  /** Files of another program, or in which a person has worked. */
  others: readonly string[]
  /** The name of Phy's cache, a folder, if it is there, with the files that it is made from. */
  cache: string | undefined
}

/** The spikes that an export writes. */
export interface WrittenSpikes {
  timesFile: string
  clustersFile: string
  /** The recording. Its own clusters are no reason to refuse a folder, also where a crash has left other files beside them. */
  sd: SpikeData
  /** The id of each unit, its number where there are none. */
  ids: BigInt64Array | undefined
  /** Whether raw data is written, or files of it are named, which then stay. */
  recording: 'written' | 'named' | undefined
  /** The names of those in the folder. */
  rawFiles: readonly string[]
}

/**
 * What an export to a folder would find there.
 *
 * @param names - of what is in the folder
 * @throws Error with the file system's `code`, where it cannot be found out; or the signal's reason
 */
export async function contentsOf(
  folder: string,
  names: readonly string[],
  { timesFile, clustersFile, sd, ids, recording, rawFiles }: WrittenSpikes,
  signal: AbortSignal | undefined,
): Promise<FolderContents> {
  // The caller may have called these as Phy calls others.
  const called = new Set([timesFile, clustersFile, ...rawFiles])
  const phyFiles = names.filter((name) => PHY_FILE.test(name) && !called.has(name)).sort()
  const params = phyFiles.includes(PARAMS) ? await ourParams(folder, names.includes(CHANNEL_MAP)) : undefined
  const isOurs = params !== undefined
  const path = (name: string) => entryPath(folder, name)
  const ours: string[] = []
  const others: string[] = []
  for (const name of phyFiles) {
    if (params && (name === PARAMS || (await isOurPhyFile(folder, name, params.isDetailed, signal)))) ours.push(name)
    else if (!(await isFolder(path(name)))) others.push(name)
  }
  const hasPhyFiles = ours.length + others.length > 0
  if (names.includes(RECORDING) && recording !== 'named') {
    if (params?.isWritten) ours.push(RECORDING)
    // Raw data that no export has written is never removed, and replaced only where that is asked for.
    else if (recording === 'written') others.push(RECORDING)
  }

  for (const name of new Set(isOurs ? [SPIKE_CLUSTERS, clustersFile] : [clustersFile])) {
    if (!names.includes(name)) continue
    const ofPhy = isOurs && name === SPIKE_CLUSTERS
    const areOurs =
      (await isAsWritten(path(name))) ||
      (ofPhy && (await areSame(path(name), path(SPIKE_TEMPLATES), signal))) ||
      (await isInUnitOrder(path(name), path(timesFile), signal)) ||
      (await hasSpikesOf(path(name), sd, ids, signal))
    if (!areOurs) others.push(name)
  }

  // Elsewhere, as in a home folder, Phy keeps its configuration under that name.
  const isOfPhy = names.includes(PARAMS) || names.includes(SPIKE_CLUSTERS)
  if (names.includes(CHANNEL_MAP) && !(await isFolder(path(CHANNEL_MAP)))) {
    if (isOurs || (await isOurChannelMap(folder))) ours.push(CHANNEL_MAP)
    // A channel_map.npy without other files of Phy is replaced.
    else if (hasPhyFiles) others.push(CHANNEL_MAP)
  }
  return { ours, others, cache: names.includes(CACHE) && isOfPhy ? CACHE : undefined }
}

/**
 * The parameters, if `params.py` is ours and agrees with the channel map. Without a map, or with that of the
 * reference's files, a crash has left the parameters beside files of another export.
 */
async function ourParams(folder: string, hasChannelMap: boolean): Promise<Params | undefined> {
  const text = await withFile(entryPath(folder, PARAMS), async (file) => (await file.read(0, MAX_PARAMS_BYTES)).toString('latin1'))
  const params = paramsIn(text ?? '')
  if (!params || !hasChannelMap || (await isOurChannelMap(folder))) return params
  const highest = await withNpyFile(entryPath(folder, CHANNEL_MAP), async (file, { dtype, shape: [count = 0], start }) => {
    if (dtype !== '<i4') return undefined
    const last = await file.read(start + 4 * (count - 1), 4)
    return count === 0 ? -1 : last.length === 4 ? last.readInt32LE() : undefined
  })
  // A file of raw data may have more channels.
  const agrees = params.paths.length === 0 ? highest === params.channelCount - 1 : highest !== undefined && highest < params.channelCount
  return agrees ? params : undefined
}

/** Whether the channel map is that of the reference's files. KiloSort's own, and that for Phy, is int32. */
async function isOurChannelMap(folder: string): Promise<boolean> {
  const map = await withNpyFile(entryPath(folder, CHANNEL_MAP), async (_file, array) => array)
  return map?.shape.length === 1 && /^<[if]8$/.test(map.dtype)
}
