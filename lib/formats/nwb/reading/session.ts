/**
 * Reads the session of a file: the recording's metadata.
 */
import { childrenOf } from '../../../engine/reading/groups.js'
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { numberIn } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../../engine/reading/hdf5-file.js'
import { setOwn } from '../../../memory/plain-values.js'
import { plainNumber } from './columns.js'

/** Root datasets that become metadata, under their own names. */
const OF_FILE = ['identifier', 'session_description', 'session_start_time']

/** Fields of the subject whose names need no prefix. */
export const OF_SUBJECT = new Set(['subject_id', 'species', 'sex', 'age', 'date_of_birth'])
/** What the names of its other fields begin with. */
export const SUBJECT_PREFIX = 'subject_'

/** Where groups are that hold what there is to know of the session. */
export const SESSION_PATHS = [...OF_FILE.map((name) => `/${name}`), '/general', '/general/subject', '/general/devices', '/acquisition']

/** Fields that are read at the same time. */
const AT_ONCE = 64

/** A field of more values than this is not one about the session. */
const MOST_VALUES = 1024

/**
 * The metadata: `identifier`, `session_description`, `session_start_time`; each text and number in `/general` by its name, such as
 * `experimenter` (a list) and `session_id`; the subject's `subject_id`, `species`, `sex`, `age`, `date_of_birth`, and its other fields as
 * `subject_…`; `device_names`; `sampling_rate_hz` and `duration_seconds` of the first series in `/acquisition` that has a rate.
 */
export async function sessionMetadata(file: Hdf5File, signal: AbortSignal | undefined): Promise<Record<string, unknown>> {
  const metadata: Record<string, unknown> = {}
  const add = async (group: string, names: readonly string[], nameOf = (name: string) => name): Promise<void> => {
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE)
      const fields = await Promise.all(some.map((name) => fieldAt(file, `${group}/${name}`, signal)))
      for (const [i, field] of fields.entries()) if (field !== undefined) setOwn(metadata, nameOf(some[i] as string), field)
    }
  }
  const namesIn = async (group: string) => (await childrenOf(file, group, 'dataset', signal)).map(({ name }) => name)
  await add('', OF_FILE)
  await add('/general', await namesIn('/general'))
  await add('/general/subject', await namesIn('/general/subject'), (name) => (OF_SUBJECT.has(name) ? name : SUBJECT_PREFIX + name))
  const devices = await childrenOf(file, '/general/devices', 'group', signal)
  if (devices.length > 0) metadata['device_names'] = devices.map(({ name }) => name)
  Object.assign(metadata, await firstSeries(file, signal))
  return metadata
}

/** A text or number, or a list of them; undefined for anything else, and for what is empty. */
async function fieldAt(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<unknown> {
  const dataset = await file.describe(path, signal)
  if (dataset?.kind !== 'dataset' || dataset.problem !== undefined) return undefined
  const { type, shape } = dataset
  const [count = 1] = shape
  if (shape.length > 1 || count > MOST_VALUES) return undefined
  const values =
    type.kind === 'text' ? await file.texts(dataset, signal) : type.kind === 'number' ? await numbersOf(file, dataset, signal) : []
  return shape.length === 0 ? values[0] || undefined : values.length > 0 ? values : undefined
}

async function numbersOf(file: Hdf5File, dataset: Hdf5Dataset, signal: AbortSignal | undefined): Promise<unknown[]> {
  const { data } = await file.numbers(dataset, { signal })
  return Array.from(data as ArrayLike<number | bigint>, plainNumber)
}

/** The rate in Hz and the length in s of the first series that has a rate. */
export async function firstSeries(file: Hdf5File, signal: AbortSignal | undefined): Promise<Record<string, number>> {
  for (const { name } of await childrenOf(file, '/acquisition', 'group', signal)) {
    const [data, start] = await file.describeAll([`/acquisition/${name}/data`, `/acquisition/${name}/starting_time`], signal)
    const rate = numberIn(start?.attributes.get('rate'))
    if (data?.kind !== 'dataset' || rate === undefined || !(rate > 0)) continue
    return { sampling_rate_hz: rate, duration_seconds: (data.shape[0] ?? 0) / rate }
  }
  return {}
}
