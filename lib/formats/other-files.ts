/**
 * Files and folders of this field that hold no sorted spikes or are not read: an error says what they are.
 */
import type { Candidate } from '../jobs/candidate.js'
import { USUAL_NAMES } from './hdf5/style.js'

/** A kind of file or folder, and what to do about it. */
interface OtherKind {
  readonly problem: string
  is(candidate: Candidate): boolean | Promise<boolean>
}

/** The text at the beginning of a file. */
function startsWith(text: string): OtherKind['is'] {
  return ({ start }) => start.startsWith(text)
}

/** A folder that has these. */
function hasAll(...names: readonly string[]): OtherKind['is'] {
  return ({ folder }) => folder !== undefined && names.every((name) => folder.has(name))
}

/** An HDF5 file of MaxWell's recorder, new or old. Others have groups of these names as well: where there are spike trains, these count. */
async function isMaxWell(candidate: Candidate): Promise<boolean> {
  const { spikeTimes, spikeTimesIndex } = USUAL_NAMES
  const [times, index, wells, store, signals, mapping] = await candidate.describeAll(
    spikeTimes,
    spikeTimesIndex,
    '/wells',
    '/data_store',
    '/sig',
    '/mapping',
  )
  const isRagged = times?.kind === 'dataset' && index?.kind === 'dataset'
  return !isRagged && Boolean(wells ?? store ?? (signals && mapping))
}

/** Whether a file of a Zarr store says so of its group. */
async function zarrSays(candidate: Candidate, text: string): Promise<boolean> {
  for (const name of ['.zattrs', 'zarr.json', '.zmetadata']) {
    if (candidate.folder?.has(name) && (await candidate.startOf(name)).includes(text)) return true
  }
  return false
}

const isZarr: OtherKind['is'] = ({ folder }) => ['.zgroup', '.zattrs', 'zarr.json'].some((name) => folder?.has(name) ?? false)

/** The first that fits counts. */
const OTHER_KINDS: readonly OtherKind[] = [
  { problem: 'it is empty', is: ({ folder, bytes }) => folder === undefined && bytes.size === 0 },
  {
    problem: 'it is a single NPY array, and the spikes of a KiloSort folder are several: give the folder',
    is: startsWith('\x93NUMPY'),
  },
  {
    problem: 'it is a MAT-file of version 5 to 7, which is not read: save it in MATLAB with -v7.3, which is HDF5',
    is: startsWith('MATLAB 5.0 MAT-file'),
  },
  {
    problem: 'it is JSON text with the index of a workspace: the items are in the .h5 beside it',
    is: (candidate) => isJson(candidate) && candidate.start.includes('"workspace_id"'),
  },
  { problem: 'it is JSON text, which is not read', is: isJson },
  { problem: 'it is compressed with gzip: decompress it first', is: startsWith('\x1f\x8b') },
  {
    problem: 'it is a raw recording of MaxWell, without sorted units',
    is: isMaxWell,
  },
  {
    problem: 'it is a Zarr store of NWB, which is not read: export it as HDF5 with pynwb or hdmf-zarr',
    is: async (candidate) => (await isZarr(candidate)) && (await zarrSays(candidate, 'nwb_version')),
  },
  {
    problem: 'it is a raw recording that SpikeInterface has saved as Zarr, without sorted units',
    is: (candidate) => Boolean(candidate.folder?.has('traces_seg0')) && isZarr(candidate),
  },
  {
    problem: 'it is a Zarr store, which is not read: SpikeInterface saves sortings as numpy_folder, too',
    is: isZarr,
  },
  {
    problem: 'it is a raw recording that SpikeInterface has saved as binary_folder, without sorted units',
    is: hasAll('binary.json'),
  },
]

/** Text of an object or a list, as JSON begins. Only text: no zeros. */
function isJson({ start, isHdf5 }: Candidate): boolean {
  return !isHdf5 && !start.includes('\0') && /^(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*["[\]{\d-])/.test(start)
}

/** What a file or folder is that nothing here reads; undefined where it is not known either. */
export async function kindOfOther(candidate: Candidate): Promise<string | undefined> {
  for (const { problem, is } of OTHER_KINDS) if (await is(candidate)) return problem
  return undefined
}
