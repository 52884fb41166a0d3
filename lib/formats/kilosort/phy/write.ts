/**
 * What makes a KiloSort folder one in which the Phy program works, and which all who read Phy's folders open.
 */
import { basename, dirname, resolve } from 'node:path'
import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import type { Source } from '../../../engine/plan/sources.js'
import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidValue } from '../../../errors.js'
import { dtypeNamed } from '../../../memory/number-dtypes.js'
import type { SpikeData } from '../../../model/spike-data.js'
import type { ExportOptions } from '../../../options/export-options.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import type { RawFrames } from '../../../recording/raw-file.js'
import { isRawFile } from '../../../recording/raw-file.js'
import { areUnitIds, UNIT_ID } from '../../../recording/unit-id.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { npyArrayFile, npyHeader } from '../files/npy.js'
import { AMPLITUDES, AMPLITUDES_ATTRIBUTE, CHANNEL_MAP, SPIKE_CLUSTERS, SPIKE_TEMPLATES, SPIKE_TIMES } from '../names.js'
import type { PhyChannels } from './channels.js'
import { channelsLost, phyChannels } from './channels.js'
import type { PhySettings, RecordingDtype, RecordingSettings } from './options.js'
import type { Params } from './params.js'
import { paramsFile, RECORDING } from './params.js'
import type { Probe } from './probe.js'
import type { AlignedRaw } from './raw.js'
import { alignedRaw } from './raw.js'
import type { Prepare } from './raw-templates.js'
import type { Amplitudes, StoredAmplitudes } from './spike-values.js'
import { amplitudesOf, pcFeatureFiles, storedAmplitudes, storedNotFinite } from './spike-values.js'
import { attributesSkipped, phyTables } from './tables.js'
import { onesFile, phyTemplates } from './templates.js'

/** The ids that SpikeInterface takes, which makes a table as long as the highest one. */
const MAX_ID = 2 ** 31 - 1

/** A call for a Phy folder. */
export interface PhyCall {
  fsHz: number
  /** The id of each unit, its number where there are none. */
  ids: BigInt64Array | undefined
  settings: PhySettings
  probe: Probe | undefined
  /** The time of sample 0. */
  startMs: number
}

export interface PhyFolder {
  files: PlainFile[]
  /** Fills in templates that are means over the raw data, before the files are written. */
  prepare: Prepare | undefined
}

/**
 * The files of a folder that Phy opens.
 *
 * @param warnings - gets what the folder does not hold
 * @throws TypeError, RangeError for ids, electrodes, locations, labels or raw data that a reader would not take
 */
export function* phyFolder(sd: SpikeData, { fsHz, ids, settings, probe, startMs }: PhyCall, warnings: ExportWarning[]): Steps<PhyFolder> {
  const { rawTemplates, recording, pcFeatures } = settings
  if (ids) yield* checkIds(ids)
  const because = rawTemplates ? "as phy.templates is 'raw'," : reasonOf(recording)
  const raw = because === undefined ? undefined : yield* alignedRaw(sd, fsHz, startMs, because)
  const channels = yield* phyChannels(sd, probe, raw?.rows)
  const { map } = channels
  const templates = yield* phyTemplates(sd, channels, rawTemplates && raw && { raw, fsHz, startMs, ...rawTemplates })
  const reordered = sd.firstReordered
  if (pcFeatures && reordered !== undefined) {
    const expected = `a recording whose spike times were in order, as those of unit ${reordered} were not,`
    throw invalidValue(expected, 'phy.pcFeatures', pcFeatures)
  }
  const given = yield* amplitudesOf(sd)
  const amplitudes = reordered === undefined ? given : undefined
  const stored = storedAmplitudes(sd)
  const features = pcFeatures ? yield* pcFeatureFiles(sd, channels, pcFeatures) : []
  const kept = new Set(templates.kept)
  if (amplitudes?.areKept) kept.add('amplitudes')
  if (ids && (yield* areUnitIds(sd.neuronAttributes ?? [], ids))) kept.add(UNIT_ID)
  const tables = yield* phyTables(sd, ids, channels, kept)

  const lost = [...channels.lost]
  if (!templates.unplaced.isEmpty) {
    lost.push(`The templates of ${templates.unplaced} are on the first channel of the Phy folder, as the electrode is not known.`)
  }
  if (lost.length > 0) warnings.push(channelsLost(lost))
  const others = sd.valueColumns.map(({ name }) => name).filter((name) => name !== AMPLITUDES_ATTRIBUTE)
  const skipped = attributesSkipped({ ...tables.skipped, unsupported: [...tables.skipped.unsupported, ...others] })
  if (skipped) warnings.push(skipped)
  warnings.push(...templates.warnings)
  if (given && reordered !== undefined) warnings.push(amplitudesReordered(reordered))
  if (amplitudes) warnings.push(...amplitudesUnknown(amplitudes))

  const isDetailed = templates.areWide || amplitudes !== undefined || stored !== undefined || features.length > 0
  const { params, files } = recordingOf(recording, raw, channels)
  return {
    files: [
      spikesFile(SPIKE_TIMES, sd, 'samples'),
      spikesFile(SPIKE_CLUSTERS, sd, 'units'),
      spikesFile(SPIKE_TEMPLATES, sd, 'units'),
      npyArrayFile(CHANNEL_MAP, map),
      npyArrayFile('channel_positions.npy', channels.positions, [map.length, 2]),
      npyArrayFile('channel_shanks.npy', channels.shanks),
      ...(channels.groups ? [npyArrayFile('channel_groups.npy', channels.groups)] : []),
      paramsFile({ ...params, fsHz, isDetailed }),
      ...tables.files,
      ...templates.files,
      amplitudes?.file ?? stored?.file ?? onesFile(AMPLITUDES, [sd.spikeCount], 1),
      ...features,
      ...files,
    ],
    prepare: stored ? (options) => preparedWith(sd, stored, templates.prepare, options) : templates.prepare,
  }
}

/** Prepares templates, and looks at the amplitudes that are on the disk. */
async function preparedWith(
  sd: SpikeData,
  stored: StoredAmplitudes,
  prepare: Prepare | undefined,
  options: ExportOptions,
): Promise<ExportWarning[]> {
  const warnings = (await prepare?.(options)) ?? []
  const notFinite = await storedNotFinite(sd, stored, options)
  return [...warnings, ...amplitudesUnknown({ missing: new UnitList(), notFinite })]
}

/** Why an export to a Phy folder needs the raw data: what the option `phy.recording` is. */
function reasonOf(recording: RecordingSettings | undefined): string | undefined {
  if (recording?.isWritten) return 'as phy.recording.write is true,'
  return recording?.isInPlace ? 'as phy.recording.inPlace is true,' : undefined
}

/** The raw data of an export: whether it is written, and the names of those files in the folder that it is in already. */
export interface RecordingFiles {
  recording: 'written' | 'named' | undefined
  rawFiles: readonly string[]
}

/** Where the raw data of a folder is. */
export function recordingIn(folder: string, settings: PhySettings | undefined, { rawData }: SpikeData): RecordingFiles {
  const recording = settings?.recording
  if (!recording) return { recording: undefined, rawFiles: [] }
  if (recording.isWritten) return { recording: 'written', rawFiles: [] }
  const inPlace = isRawFile(rawData) && rawData.frames ? [rawData.frames.path] : []
  const places = (recording.isInPlace ? inPlace : recording.paths).map((path) => resolve(folder, path))
  return { recording: 'named', rawFiles: places.filter((path) => dirname(path) === resolve(folder)).map((path) => basename(path)) }
}

/** What `params.py` says of the raw data, and the file of it. */
function recordingOf(
  recording: RecordingSettings | undefined,
  raw: AlignedRaw | undefined,
  { map }: PhyChannels,
): { params: Omit<Params, 'fsHz' | 'isDetailed'>; files: PlainFile[] } {
  const needed = (map.at(-1) ?? -1) + 1
  if (!recording) {
    const params = { paths: [], isWritten: false, channelCount: needed, dtype: 'int16', offset: 0, hpFiltered: false }
    return { params, files: [] }
  }
  const { hpFiltered } = recording
  if (recording.isInPlace) {
    const { frames, dtype } = framesOf(raw as AlignedRaw)
    return {
      params: { paths: [frames.path], isWritten: false, channelCount: frames.width, dtype, offset: frames.offset, hpFiltered },
      files: [],
    }
  }
  if (!recording.isWritten) {
    const { paths, channels, dtype, offset } = recording
    if (channels < needed) throw invalidValue(`at least ${needed}, as there is channel ${needed - 1},`, 'phy.recording.channels', channels)
    return { params: { paths, isWritten: false, channelCount: channels, dtype, offset, hpFiltered }, files: [] }
  }
  const { data, rows, firstSample } = raw as AlignedRaw
  requireSampleZero(raw as AlignedRaw, 'phy.recording.write')
  const { scale } = recording
  if (scale === undefined && data.dtype.includes('f')) {
    throw invalidValue(`a factor above 0, as rawData has dtype ${data.dtype},`, 'phy.recording.scale', scale)
  }
  const common = { skipped: Math.abs(firstSample), ...(scale !== undefined && { scale }) }
  const source: Source = isRawFile(data)
    ? { kind: 'fileInt16', samples: data.native, ...common }
    : { kind: 'timeMajorInt16', data: data.data, shape: data.shape, ...common }
  const params = { paths: [RECORDING], isWritten: true, channelCount: rows, dtype: 'int16', offset: 0, hpFiltered }
  return { params, files: [{ name: RECORDING, segments: [{ segment: 'sourceData', source }] }] }
}

/** The file of raw data from sample 0 on. */
function framesOf(raw: AlignedRaw): { frames: RawFrames; dtype: RecordingDtype } {
  const { data, firstSample } = raw
  const frames = isRawFile(data) ? data.frames : undefined
  if (!frames) {
    const expected = 'a RawFile with one sample of all channels after another, lowest byte first, as phy.recording.inPlace is true,'
    throw invalidValue(expected, 'rawData', data)
  }
  requireSampleZero(raw, 'phy.recording.inPlace')
  const skipped = Math.abs(firstSample) * frames.width * Number(data.dtype.slice(2))
  return { frames: { ...frames, offset: frames.offset + skipped }, dtype: dtypeNamed(data.dtype) }
}

function requireSampleZero({ firstSample, samples }: AlignedRaw, option: string): void {
  if (firstSample <= 0 && -firstSample < samples) return
  const expected = `raw data at sample 0, as ${option} is true (with shift: true that is startTime),`
  throw invalidValue(expected, 'rawTime', `sample ${firstSample} and later`)
}

function spikesFile(name: string, { spikeCount }: SpikeData, ordered: 'samples' | 'units'): PlainFile {
  const bytes = npyHeader(ordered === 'samples' ? '<i8' : '<i4', [spikeCount])
  return { name, segments: [{ segment: 'bytes', bytes }], ordered }
}

function* checkIds(ids: BigInt64Array): Steps<void> {
  const { firsts, rows } = yield* distinctIds(ids)
  for (const [unit, id] of ids.entries()) {
    if (id < 0n || id > MAX_ID) throw invalidValue(`an id from 0 to ${MAX_ID}, as phy is on,`, `clusterIds[${unit}]`, id)
    const first = firsts[rows[unit] as number] as number
    if (first !== unit) throw invalidValue(`another id than clusterIds[${first}], as phy is on,`, `clusterIds[${unit}]`, id)
    if (isDue()) yield
  }
}

/** They have not moved with the times that the recording has sorted. */
function amplitudesReordered(unit: number): ExportWarning {
  return {
    code: 'SPIKEPORT_PHY_AMPLITUDES',
    message: `Amplitudes in the Phy folder are 1, as the spike times of unit ${unit} were not in order, and those of its spikes are not known.`,
  }
}

function amplitudesUnknown({ missing, notFinite }: Pick<Amplitudes, 'missing' | 'notFinite'>): ExportWarning[] {
  const faults: string[] = []
  if (!missing.isEmpty) faults.push(`are 1 for the spikes of ${missing}, which ${missing.verb('has', 'have')} no array of as many numbers`)
  if (!notFinite.isEmpty) faults.push(`are NaN or infinite for spikes of ${notFinite}, as given`)
  if (faults.length === 0) return []
  return [{ code: 'SPIKEPORT_PHY_AMPLITUDES', message: `Amplitudes in the Phy folder ${faults.join(', and ')}.` }]
}
