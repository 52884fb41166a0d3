/**
 * The tree of an NWB 2.8.0 file. Later versions give the electrode table a type that older readers do not know.
 */
import { invalidType, quoted } from '../../errors.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Hdf5Attribute, Hdf5Object, Hdf5Storage } from '../../plan/hdf5-tree.js'
import { isMissing } from '../../options.js'
import type { Steps } from '../../steps.js'
import type { ExportWarning } from '../../warnings.js'
import { electrodesFrom } from './electrodes.js'
import { typeAttributes } from './objects.js'
import { EPHYS, probeFrom } from './probe.js'
import { rawSeriesObjects } from './raw-series.js'
import type { RawSeries } from './raw-series.js'
import { sessionObjects, unknownStart } from './session.js'
import type { NwbSession } from './session.js'
import { tableObjects } from './table.js'
import { unitsTable } from './units.js'

const VERSION = '2.8.0'

/** The attributes that make a root group that of an NWB file. */
export function nwbRootAttributes(): Hdf5Attribute[] {
  return typeAttributes('core', 'NWBFile', { nwb_version: VERSION })
}

/** What a file is made of besides the recording. */
export interface NwbContents {
  session: NwbSession
  /** The sampling frequency in Hz, if it is known. */
  fsHz: number | undefined
  raw: RawSeries | undefined
  /** How tables and raw data lie in the file. */
  storage: { tables: Hdf5Storage; raw: Hdf5Storage }
  /** Whatever the file does not say as the caller may expect is added here. */
  warnings: ExportWarning[]
}

/**
 * All objects of the file.
 *
 * @throws TypeError, RangeError for fields, electrodes, locations or attributes that make no sense
 */
export function* nwbObjects(sd: SpikeData, { session, fsHz, raw, storage, warnings }: NwbContents): Steps<Hdf5Object[]> {
  const about = sessionObjects(session)
  const probe = probeFrom(session)
  const electrodes = yield* electrodesFrom(sd, raw?.electrodes ?? new BigInt64Array(0), probe)
  const units = yield* unitsTable(sd, electrodes, fsHz, columnDescriptions(session))
  const objects = [...about, ...tableObjects(units.table, storage.tables)]
  if (electrodes || probe.isDescribed) {
    objects.push({ object: 'group', path: 'general/devices' }, { object: 'group', path: EPHYS }, ...probe.objects)
  }
  if (electrodes) objects.push(...tableObjects(electrodes.table, storage.tables))
  if (electrodes && raw) objects.push(...rawSeriesObjects(raw, electrodes.channelRows, storage.raw))

  if (isMissing(session.sessionStartTime)) warnings.push(unknownStart())
  if (units.skipped.length > 0) warnings.push(attributesSkipped(units.skipped))
  if (electrodes?.unitRows && !electrodes.isChannelMap) warnings.push(ELECTRODES_BY_ROW)
  return objects
}

function columnDescriptions({ columnDescriptions: given }: NwbSession): Readonly<Record<string, unknown>> {
  if (typeof (given ?? {}) !== 'object') throw invalidType('an object', 'nwb.columnDescriptions', given)
  return given ?? {}
}

function attributesSkipped(names: readonly string[]): ExportWarning {
  const list = names.map(quoted).join(', ')
  return {
    code: 'SPIKEPORT_NWB_ATTRIBUTES_SKIPPED',
    message: `Left out of the NWB file, as no column of its units' table can hold them: the attributes ${list}.`,
  }
}

const ELECTRODES_BY_ROW: ExportWarning = {
  code: 'SPIKEPORT_NWB_ELECTRODE_ROWS',
  message:
    'The electrodes are not numbered from 0 to 65535, so the NWB file refers to them by row: pynwb finds their ids, and SpikeLab without pynwb takes the rows for ids.',
}
