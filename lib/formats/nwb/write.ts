/**
 * NWB files.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { invalidType, invalidValue } from '../../errors.js'
import { checkExportCall, EXPORT_OPTIONS } from '../../jobs/export-call.js'
import { countsOf, runExport } from '../../jobs/run-export.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import type { SpikeData } from '../../model/spike-data.js'
import { requireSpikeData, whileOpen } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, oneOf, refuseOptions } from '../../options/checks.js'
import type { ExportOptions, ExportReport } from '../../options/export-options.js'
import type { ExportPath } from '../../options/export-path.js'
import { samplingFrequency } from '../../options/time-unit.js'
import type { Steps } from '../../steps.js'
import { inSlices } from '../../steps.js'
import type { OptionsFor, S3Options } from '../../storage/s3-options.js'
import { windowAttributes } from '../hdf5/names.js'
import type { Hdf5StorageOptions } from '../hdf5/storage.js'
import { mainStorage, pagesFrom, rawStorageFrom, STORAGE_OPTIONS, tableStorage } from '../hdf5/storage.js'
import type { FilePlan } from '../hdf5/streams.js'
import { streamStorage } from '../hdf5/streams.js'
import type { Hdf5Tree } from './file.js'
import { nwbTree } from './file.js'
import type { NwbRawData } from './raw-series.js'
import { rawSeriesFrom } from './raw-series.js'
import type { NwbSession } from './session.js'
import { sessionFrom } from './session.js'
import type { SpikelabNames } from './spikelab.js'
import { spikelabObjects } from './spikelab.js'
import type { UnitIds } from './unit-ids.js'

/** A complete file. */
export interface NwbProfile {
  /**
   * `nwb`: a complete NWB 2.8.0 file, which all readers of NWB open. `spikelab`: the minimal, NWB-like tree of SpikeLab's
   * exporter, which SpikeLab alone opens. Default `nwb`.
   */
  profile?: 'nwb' | undefined
  /** The name of all spike times in s, unit by unit: another only with the profile `spikelab`. */
  spikeTimesDataset?: 'spike_times' | undefined
  /** The name of the cumulative end counts, one a unit: another only with the profile `spikelab`. */
  spikeTimesIndexDataset?: 'spike_times_index' | undefined
  /** The group that holds them: another only with the profile `spikelab`. */
  group?: 'units' | undefined
  /** What is known about the session, the subject and the probe. */
  nwb?: NwbSession | undefined
  /** The sampling frequency in Hz that spike times are exact to. SpikeInterface asks for it. */
  fsHz?: number | Missing
  /**
   * The id of each unit: whole numbers, each another, which become the ids of the table's rows; or names, each another, which become the
   * column `unit_name`, while the ids are 0, 1, …. Default 0, 1, ….
   */
  unitIds?: UnitIds | Missing
  /** Also writes the recording's raw data, as an `ElectricalSeries` in volts. */
  rawData?: NwbRawData | undefined
}

/** The reference's file. */
export interface SpikelabProfile {
  /**
   * `nwb`: a complete NWB 2.8.0 file, which all readers of NWB open. `spikelab`: the minimal, NWB-like tree of SpikeLab's
   * exporter, which SpikeLab alone opens. Default `nwb`.
   */
  profile: 'spikelab'
  /** The name of all spike times in s, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** The name of the cumulative end counts, one a unit. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
  /** The group that holds them. Default `units`. */
  group?: string | undefined
  /** Only with the profile `nwb`. */
  nwb?: Missing
  /** Only with the profile `nwb`. */
  unitIds?: Missing
  /** Only with the profile `nwb`. */
  fsHz?: Missing
  /** Only with the profile `nwb`. */
  rawData?: Missing
}

/** A profile that is known at run time only: with what both have. */
export interface AnyProfile extends Pick<NwbProfile, 'spikeTimesDataset' | 'spikeTimesIndexDataset' | 'group'> {
  /**
   * `nwb`: a complete NWB 2.8.0 file, which all readers of NWB open. `spikelab`: the minimal, NWB-like tree of SpikeLab's
   * exporter, which SpikeLab alone opens. Default `nwb`.
   */
  profile?: 'nwb' | 'spikelab' | undefined
  /** Only with the profile `nwb`. */
  nwb?: Missing
  /** Only with the profile `nwb`. */
  unitIds?: Missing
  /** Only with the profile `nwb`. */
  fsHz?: Missing
  /** Only with the profile `nwb`. */
  rawData?: Missing
}

/**
 * Options of {@link exportSpikeDataToNwb}; names and defaults of the first three are the reference's.
 *
 * What contradicts itself neither compiles nor runs: an option of the other profile that is not missing, a contiguous layout with
 * `compression` or `chunkBytes`, and options of S3 without `s3Upload`.
 */
export type NwbOptions = ExportOptions & S3Options & Hdf5StorageOptions & (SpikelabProfile | AnyProfile | NwbProfile)

const OPTIONS: OptionNames<NwbOptions> = {
  ...EXPORT_OPTIONS,
  spikeTimesDataset: true,
  spikeTimesIndexDataset: true,
  group: true,
  profile: true,
  nwb: true,
  unitIds: true,
  fsHz: true,
  rawData: true,
  ...STORAGE_OPTIONS,
}

/** The names of the schema. */
const NAMES: SpikelabNames = { spikeTimesDataset: 'spike_times', spikeTimesIndexDataset: 'spike_times_index', group: 'units' }

/**
 * Exports a recording to an NWB file: spike times in s, the recording's window, electrodes with their locations, a column for each
 * of the `neuronAttributes`, and what is given about session, subject and probe. It is NWB 2.8.0, which pynwb opens from 2.8 on,
 * and so do SpikeInterface, DANDI and SpikeLab.
 *
 * - With `nwb.electrodes` the electrode table has a row for each of its entries. Without, row *k* is channel *k* where electrodes are
 *   whole numbers from 0 to 65,535; otherwise the table has a row for each electrode. A warning says where SpikeLab without pynwb takes
 *   the numbers of rows for ids.
 * - The electrodes of a unit are its attribute `electrodes`, a list of whole numbers, or else its `electrode`, `channel` or `ch`.
 * - Numbers, texts, booleans, arrays of numbers and lists of texts of `neuronAttributes` become columns of the units' table; a missing
 *   value is NaN, an empty text or no values. `nwb.spikeColumns` names those with a value for each spike. `waveform_mean` and
 *   `waveform_sd`, samples or samples × electrodes, are in volts; those of a unit with `electrodes` are of exactly these, and the columns
 *   have NaN where other units have more. What no column can
 *   hold is left out with a warning. A name that the schema, pynwb or an index has gets an underscore at its end, with a warning.
 *   `metadata` is not written.
 * - `waveforms` of single spikes, spikes × samples or spikes × samples × electrodes, are in volts, too; those of a unit with `electrodes`
 *   are of exactly these.
 * - `nwb.trials`, `nwb.epochs`, `nwb.intervals` and `nwb.series` have what else happened, and was recorded, in the session.
 * - The recording's window is in `obs_intervals` of the units, unless `nwb.obsIntervals` are others: that of a recording without units is
 *   not kept. SpikeLab does not read
 *   it there: give its loader `start_time_ms` and `length_ms`.
 * - Positions of electrodes are in `x`, `y`, `z` for SpikeLab, and in `rel_x`, `rel_y`, `rel_z` for SpikeInterface. A warning names the
 *   units whose electrode or place the table of electrodes cannot hold.
 * - Times below 0 stay as they are; nwbinspector advises against them.
 *
 * Spike times are contiguous unless `compression` is set; raw data is chunked and compressed unless `layout` or `compression`
 * specify otherwise.
 *
 * With `profile: 'spikelab'` the file is what SpikeLab's `export_spikedata_to_nwb` writes, object by object.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Upload` an S3 URL
 * @param options - an {@link NwbOptions}
 * @throws TypeError, RangeError for options that make no sense, before anything is written; for electrodes and locations that
 *   make none, naming the unit
 * @throws Error with the file system's `code`, Hdf5Error, S3Error; or the signal's reason
 */
export async function exportSpikeDataToNwb<Path extends ExportPath>(
  sd: SpikeData,
  path: Path,
  ...[options]: OptionsFor<Path, NwbOptions>
): Promise<ExportReport> {
  requireSpikeData(sd, 'sd')
  return whileOpen([sd], () => writeNwb(sd, path, options))
}

async function writeNwb(sd: SpikeData, path: ExportPath, options: NwbOptions | undefined): Promise<ExportReport> {
  const call = checkExportCall<NwbOptions>(path, options, OPTIONS)
  const { given, warnings } = call
  const { planFor, streams } = await inSlices(nwbPlan(sd, given, warnings), given.signal)
  return runExport(call, planFor, countsOf(sd), streams)
}

/** What makes the plan of a file, and what it has of streams. */
export function* nwbPlan(sd: SpikeData, given: NwbOptions, warnings: ExportWarning[]): Steps<FilePlan> {
  checkTypes(given)
  const pages = pagesFrom(given)
  const streams: PlannedStream[] = []
  const isComplete = profileFrom(given.profile) === 'nwb'
  const tree = yield* isComplete ? completeTree(sd, given, pages.pageBytes, warnings, streams) : minimalTree(sd, given)
  return { planFor: (target) => ({ format: 'hdf5', target, ...pages, ...tree }), streams }
}

/** A file that follows the schema. */
function completeTree(
  sd: SpikeData,
  given: NwbOptions,
  pageBytes: number | undefined,
  warnings: ExportWarning[],
  streams: PlannedStream[],
): Steps<Hdf5Tree> {
  for (const name of Object.keys(NAMES) as (keyof SpikelabNames)[]) {
    const value = given[name] ?? NAMES[name]
    if (value !== NAMES[name]) throw invalidValue(`'${NAMES[name]}', as profile is not 'spikelab',`, name, value)
  }
  return nwbTree(sd, {
    session: sessionFrom(given.nwb),
    unitIds: given.unitIds,
    fsHz: isMissing(given.fsHz) ? undefined : samplingFrequency(given.fsHz),
    raw: rawSeriesFrom(sd, given.rawData),
    storage: { tables: tableStorage(given, pageBytes), raw: streamStorage(rawStorageFrom(given, {}), given) },
    warnings,
    streams,
  })
}

/** The reference's file. */
function* minimalTree(sd: SpikeData, given: NwbOptions): Steps<Hdf5Tree> {
  refuseOptions(given, ['nwb', 'unitIds', 'fsHz', 'rawData'], `as profile is 'spikelab'`)
  const names = {
    spikeTimesDataset: given.spikeTimesDataset ?? NAMES.spikeTimesDataset,
    spikeTimesIndexDataset: given.spikeTimesIndexDataset ?? NAMES.spikeTimesIndexDataset,
    group: given.group ?? NAMES.group,
  }
  return { attributes: windowAttributes(sd), objects: yield* spikelabObjects(sd, names, mainStorage(given)) }
}

function profileFrom(profile: unknown = 'nwb'): 'nwb' | 'spikelab' {
  return oneOf(profile, 'profile', ['nwb', 'spikelab'])
}

/** The types of what either profile takes. */
function checkTypes(options: NwbOptions): void {
  for (const name of Object.keys(NAMES) as (keyof SpikelabNames)[]) {
    const value: unknown = options[name]
    if (value !== undefined && typeof value !== 'string') throw invalidType('a string', name, value)
  }
}
