/**
 * What is in a folder before an export: files of ours from an earlier one, and files of somebody who works in it.
 */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PARAMS, PARAMS_MARK } from './phy-params.js'
import { TEMPLATE_FILE_HEADS } from './phy-templates.js'

/** Whatever an export with `phy` writes besides the spike times and clusters, and besides templates. */
const OURS: readonly string[] = [
  'spike_templates.npy',
  'channel_map.npy',
  'channel_positions.npy',
  PARAMS,
  'cluster_group.tsv',
  'cluster_si_unit_ids.tsv',
  'cluster_electrode.tsv',
  'cluster_KSLabel.tsv',
  // phylib adds it to a folder that it opens.
  'whitening_mat_inv.npy',
]

/** What KiloSort and Phy keep in a folder besides spike times, clusters and channel map; readers take every table for one of theirs. */
const PHY_FILE =
  /^(params\.py|(spike_(?!times\.|clusters\.)|spikes\.|kept_spikes|templates?[._]|amplitudes|similar_templates|whitening_mat|pc_feature|channel_(?!map\.)|channels\.|_phy_|ops\.).*|.*\.[ct]sv)$/

const CHANNEL_MAP = 'channel_map.npy'

/** What is read of an NPY file: a header and an element behind it. */
const HEAD_BYTES = 128 + 8

export interface FolderContents {
  /** Files of earlier exports of ours, of those that an export need not have. */
  ours: readonly string[]
  /** Files that belong to a Phy folder of somebody else, or of somebody who has worked on one of ours. */
  others: readonly string[]
}

/**
 * What an export to a folder would find there.
 *
 * @throws Error with the file system's `code`, where it cannot be told
 */
export async function contentsOf(folder: string): Promise<FolderContents> {
  const names = (await unlessMissing(readdir(folder))) ?? []
  const phyFiles = names.filter((name) => PHY_FILE.test(name)).sort()
  const isOurs = phyFiles.includes(PARAMS) && (await begins(join(folder, PARAMS), PARAMS_MARK.length, (head) => head === PARAMS_MARK))
  const others = isOurs ? await othersAmong(phyFiles, folder) : phyFiles
  if (isOurs && others.length === 0) return { ours: names.filter((name) => OURS.includes(name) || phyFiles.includes(name)), others }
  const ours = names.includes(CHANNEL_MAP) && (await begins(join(folder, CHANNEL_MAP), HEAD_BYTES, isOurChannelMap)) ? [CHANNEL_MAP] : []
  return { ours, others }
}

/** Those of a folder's Phy files that an export of ours did not write. */
async function othersAmong(phyFiles: readonly string[], folder: string): Promise<string[]> {
  const others = []
  for (const name of phyFiles) {
    const head = TEMPLATE_FILE_HEADS.get(name)
    const isOurs = OURS.includes(name) || (head && (await begins(join(folder, name), HEAD_BYTES, (bytes) => head.test(bytes))))
    if (!isOurs) others.push(name)
  }
  return others
}

/** A KiloSort's own is int32. */
function isOurChannelMap(head: string): boolean {
  return /^\x93NUMPY.+'descr': '<[if]8', 'fortran_order': False, 'shape': \(\d+,\)/s.test(head)
}

/** Whether the first bytes of a regular file are as they are to be. */
async function begins(path: string, byteCount: number, test: (head: string) => boolean): Promise<boolean> {
  const file = await unlessMissing(open(path))
  if (!file) return false
  try {
    if (!(await file.stat()).isFile()) return false
    const { buffer, bytesRead } = await file.read(Buffer.alloc(byteCount), 0, byteCount, 0)
    return test(buffer.toString('latin1', 0, bytesRead))
  } finally {
    await file.close()
  }
}

/** What a call gives, or undefined where there is nothing, or something else, at its path: the export itself says so. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
}
