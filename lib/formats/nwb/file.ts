/**
 * The tree of an NWB 2.8.0 file. Later versions give the electrode table a type that older readers do not know.
 */
import type { Hdf5Plan, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import type { ExportWarning } from '../../engine/warnings.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import type { StreamStorage } from '../hdf5/streams.js'
import { electrodesFrom } from './electrodes.js'
import { descriptionsFrom } from './fields.js'
import { INTERVALS, intervalTables } from './intervals.js'
import { identified, objectIds, withObjectIds } from './object-ids.js'
import { typeAttributes } from './objects.js'
import { EPHYS, probeFrom } from './probe.js'
import type { RawSeries } from './raw-series.js'
import { channelElectrodes, rawSeriesObjects, rawSeriesPath } from './raw-series.js'
import { seriesElectrodes, seriesFrom } from './series.js'
import { seriesObjects } from './series-objects.js'
import type { NwbSession } from './session.js'
import { sessionObjects, spikeColumnsOf } from './session.js'
import { tableObjects } from './table.js'
import { namedGroups } from './unit-groups.js'
import { unitsTable } from './units.js'
import { attributeWarnings, descriptionsUnused, electrodesByRow, electrodesLost, START_UNKNOWN, spikesReordered } from './warnings.js'

const VERSION = '2.8.0'

/** What is in a file. */
export type Hdf5Tree = Pick<Hdf5Plan, 'attributes' | 'objects'>

/** What a file is made of besides the recording. */
export interface NwbContents {
  session: NwbSession
  /** The ids or names of the units; not yet checked. */
  unitIds: unknown
  /** The sampling frequency in Hz, if it is known. */
  fsHz: number | undefined
  raw: RawSeries | undefined
  /** How tables and raw data lie in the file. */
  storage: { tables: Hdf5Storage; raw: StreamStorage }
  /** Receives a warning for each thing that the file does not hold as given. */
  warnings: ExportWarning[]
  /** Receives what comes as a stream. */
  streams: PlannedStream[]
}

/**
 * The whole tree.
 *
 * @throws TypeError, RangeError for fields, electrodes, locations, ids or attributes that make no sense
 */
export function* nwbTree(sd: SpikeData, { session, unitIds, fsHz, raw, storage, warnings, streams }: NwbContents): Steps<Hdf5Tree> {
  const about = sessionObjects(session)
  const groupNames = isMissing(session.electrodes) ? yield* namedGroups(sd.neuronAttributes ?? []) : undefined
  const probe = probeFrom(session, groupNames)
  const descriptions = descriptionsFrom(session.columnDescriptions, 'nwb.columnDescriptions')
  const series = seriesFrom(session.series)
  const intervals = yield* intervalTables(session)
  const channels = { raw: yield* channelElectrodes(raw), series: yield* seriesElectrodes(series) }
  const electrodes = yield* electrodesFrom(sd, channels, probe, session, groupNames)
  const units = yield* unitsTable(sd, electrodes, {
    unitIds,
    fsHz,
    descriptions,
    spikeColumns: spikeColumnsOf(session),
    obsIntervals: session.obsIntervals,
  })
  const objects = [...about, ...tableObjects(units.table, storage.tables)]
  if (intervals.length > 0) objects.push({ object: 'group', path: INTERVALS })
  for (const table of intervals) objects.push(...tableObjects(table, storage.tables))
  if (electrodes.table || electrodes.unitGroups || probe.isDescribed) {
    objects.push({ object: 'group', path: 'general/devices' }, { object: 'group', path: EPHYS }, ...probe.devices)
    for (const group of electrodes.groups) objects.push(...group.objects)
  }
  if (electrodes.table) objects.push(...tableObjects(electrodes.table, storage.tables))
  if (raw) objects.push(...rawSeriesObjects(raw, electrodes.channelRows, storage.raw, streams))
  objects.push(...(yield* seriesObjects(series, electrodes.seriesRows, raw && rawSeriesPath(raw), storage.raw, streams)))

  if (isMissing(session.sessionStartTime)) warnings.push(START_UNKNOWN)
  warnings.push(...attributeWarnings(units.attributes))
  if (units.attributes.misplaced.length > 0) warnings.push(spikesReordered(units.attributes.misplaced, sd.firstReordered))
  if (electrodes.lost.length > 0) warnings.push(electrodesLost(electrodes.lost))
  if (electrodes.unitRows && electrodes.rowsByOrder) warnings.push(electrodesByRow(electrodes.rowsByOrder))
  const unused = [...descriptions.keys()].filter((name) => !units.described.has(name))
  if (unused.length > 0) warnings.push(descriptionsUnused(unused))

  const idOf = objectIds(session.identifier ?? undefined)
  const root = typeAttributes('core', 'NWBFile', { nwb_version: VERSION })
  return { attributes: identified(root, '', idOf), objects: withObjectIds(objects, idOf) }
}
