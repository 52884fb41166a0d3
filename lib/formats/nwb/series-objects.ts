/**
 * The objects of series in an NWB file.
 */
import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import { invalidValue } from '../../errors.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import { lengthOf } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import type { StreamStorage } from '../hdf5/streams.js'
import { attributesFrom, textAt, typedGroup } from './objects.js'
import type { Series } from './series.js'
import { isElectrical, seriesArrays } from './series.js'
import { channelsObject, timesObject } from './series-parts.js'
import { channelConversionObject, samplesObject } from './series-samples.js'

const MODULES: ReadonlyMap<string, string> = new Map([
  ['ecephys', 'Processed electrophysiology.'],
  ['behavior', 'Behavior over time.'],
])

/** Groups that every file has. */
const GROUPS = { acquisition: 'acquisition', stimulus: 'stimulus/presentation' } as const

/**
 * The objects of all series, each after its module and its container.
 *
 * @param rows - the rows of the electrodes of all electrical series, one after the other, in their table
 * @param streams - receives what comes as a stream
 * @param taken - the path of the raw data, if there is any
 * @throws TypeError, RangeError for arrays that do not fit, and for a name that another object has
 */
export function* seriesObjects(
  all: readonly Series[],
  rows: BigInt64Array,
  taken: string | undefined,
  storage: StreamStorage,
  streams: PlannedStream[],
): Steps<Hdf5Object[]> {
  const objects: Hdf5Object[] = []
  const groups = new Set<string>()
  const paths = new Set([taken])
  const add = (path: string, type: string, description?: string) => {
    if (!groups.has(path)) objects.push(typedGroup(path, 'core', type, { description }))
    groups.add(path)
    return path
  }
  const parents = all.map(({ place, kind: { container } }) => {
    if (place === 'acquisition' || place === 'stimulus') return GROUPS[place]
    add(place, 'ProcessingModule', moduleDescription(place))
    return container ? add(`${place}/${container}`, container) : place
  })
  let used = 0
  for (const [i, series] of all.entries()) {
    const path = `${parents[i]}/${series.name}`
    if (paths.has(path) || groups.has(path))
      throw invalidValue(`another name, as ${path} is in the file already,`, 'nwb.series', series.name)
    paths.add(path)
    const own = isElectrical(series) ? rows.subarray(used, (used += series.width)) : undefined
    objects.push(...(yield* objectsOf(path, series, own, storage, streams)))
  }
  return objects
}

function moduleDescription(place: string): string {
  const name = place.slice(place.indexOf('/') + 1)
  return MODULES.get(name) ?? `The module ${name}.`
}

function* objectsOf(
  path: string,
  series: Series,
  rows: BigInt64Array | undefined,
  storage: StreamStorage,
  streams: PlannedStream[],
): Steps<Hdf5Object[]> {
  const { kind, description, comments, filtering, referenceFrame, unit, conversion, offset, channelConversion } = series
  const { data, times } = yield* seriesArrays(series)
  // A resolution of -1 is one that is not known.
  const attributes = attributesFrom({ conversion, offset, resolution: -1, unit })
  const count = 'times' in times ? lengthOf(times.times) : undefined
  const samples = { data, name: `${series.option}.data`, timeAxis: series.timeAxis, count, attributes }
  const objects: Hdf5Object[] = [
    typedGroup(path, 'core', kind.schemaType, { description, comments, filtering }),
    samplesObject(`${path}/data`, samples, storage, streams),
    ...(channelConversion ? [channelConversionObject(path, channelConversion)] : []),
    timesObject(path, times, storage.storage),
  ]
  if (referenceFrame !== undefined) objects.push(textAt(`${path}/reference_frame`, referenceFrame))
  if (rows) objects.push(channelsObject(path, rows))
  return objects
}
