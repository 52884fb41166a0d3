/**
 * The option `phy`: what a Phy folder has besides what its readers need.
 */
import { invalidType, invalidValue } from '../../../errors.js'
import type { Numbers } from '../../../memory/float64.js'
import type { NDArray } from '../../../memory/ndarray.js'
import { isNumberDtype } from '../../../memory/number-dtypes.js'
import type { OptionNames } from '../../../options/checks.js'
import { isMissing, optionalBoolean, optionsFrom, positiveNumber, wholeNumber } from '../../../options/checks.js'
import { exportPath } from '../../../options/export-path.js'
import type { RawDtype } from '../../../sources/raw-dtypes.js'

/** Templates that the units have. */
export interface UnitTemplates {
  /**
   * Templates are always there: true, the default, stands for the `template` or else `waveform_mean` of each unit, and a placeholder
   * where it has neither.
   */
  templates?: true | undefined
  /** Only with `templates: 'raw'`. */
  samplesBefore?: undefined
  /** Only with `templates: 'raw'`. */
  samplesAfter?: undefined
}

/** Templates that are means over the raw data. */
export interface RawTemplates {
  /**
   * Each template is the mean of the raw data around the spikes of its unit, on all channels, in the numbers of the raw data. Spikes too
   * close to its beginning or end do not count; units without others have placeholders. The attributes `template` and `waveform_mean` are
   * not used.
   */
  templates: 'raw'
  /** How many samples of a template precede that of the spike. Default 20. */
  samplesBefore?: number | undefined
  /** How many samples follow, that of the spike included. Default 41. A template has 2 to 512 samples. */
  samplesAfter?: number | undefined
}

/** The recording's raw data, written into the folder. */
export interface WrittenRecording {
  /** Writes `rawData` to `recording.dat`, int16, one sample of all channels after the other, and names it in `params.py`. */
  write: true
  /**
   * What each number is multiplied by before it is rounded, half to even. Required where `rawData` is no array of whole numbers; default
   * 1. A product that does not fit int16 is an error.
   */
  scale?: number | undefined
  /** Whether the raw data is high-pass filtered already; Phy filters it otherwise. Default false. */
  hpFiltered?: boolean | undefined
  /** Only without `write`. */
  path?: undefined
}

/** The types of raw data files, as numpy calls them. */
export type RecordingDtype = RawDtype

/** A file of raw data that is there already, or several of which one continues the other. */
export interface NamedRecording {
  /** Its path, relative to the folder or absolute; it goes into `params.py` as it is and is not opened. */
  path: string | URL | readonly (string | URL)[]
  /** How many channels it has. The electrodes of units are numbered among these. */
  channels: number
  /** Default `int16`. */
  dtype?: RecordingDtype | undefined
  /** Where the samples begin in the file, in bytes. Default 0. */
  offset?: number | undefined
  /** Whether it is high-pass filtered already; Phy filters it otherwise. Default false. */
  hpFiltered?: boolean | undefined
  /** Only without `path`. */
  write?: undefined
}

/** The file of raw data that the recording has, as it is. */
export interface RecordingInPlace {
  /**
   * Names the file of `rawData` in `params.py`, with the part of it that begins at sample 0; nothing is copied. `rawData` is a `RawFile`
   * whose samples lie one of all channels after another, lowest byte first; channels that it leaves out are channels of Phy's
   * raw data, behind the others.
   */
  inPlace: true
  /** Whether it is high-pass filtered already; Phy filters it otherwise. Default false. */
  hpFiltered?: boolean | undefined
  /** Only without `inPlace`. */
  path?: undefined
  /** Only without `inPlace`. */
  write?: undefined
}

/** The principal components of spikes. */
export interface PcFeatures {
  /** One array a unit, of as many components and channels for all: spikes × components × channels, spikes in the order of `train`. */
  features: readonly NDArray[]
  /** For each unit the electrode of each of those channels. */
  electrodes: readonly Numbers[]
}

/** What a folder for Phy has besides what its readers need. */
export type PhyOptions = (UnitTemplates | RawTemplates) & {
  /** The raw data that Phy shows. Default: none. */
  recording?: WrittenRecording | NamedRecording | RecordingInPlace | undefined
  /** Written to `pc_features.npy` and `pc_feature_ind.npy`. Default: none. */
  pcFeatures?: PcFeatures | undefined
}

/** Those options, checked as far as that can be done without the recording. */
export interface PhySettings {
  /** The samples before and after a spike, where templates are means over the raw data. */
  rawTemplates: { before: number; after: number } | undefined
  recording: RecordingSettings | undefined
  pcFeatures: PcFeatures | undefined
}

export type RecordingSettings =
  | { isInPlace: true; isWritten: false; hpFiltered: boolean }
  | { isInPlace: false; isWritten: true; scale: number | undefined; hpFiltered: boolean }
  | { isInPlace: false; isWritten: false; paths: string[]; channels: number; dtype: RecordingDtype; offset: number; hpFiltered: boolean }

const OPTIONS: OptionNames<PhyOptions> = { templates: true, samplesBefore: true, samplesAfter: true, recording: true, pcFeatures: true }
type AnyRecording = WrittenRecording & NamedRecording & RecordingInPlace

const RECORDING: OptionNames<AnyRecording> = {
  write: true,
  inPlace: true,
  scale: true,
  path: true,
  channels: true,
  dtype: true,
  offset: true,
  hpFiltered: true,
}
const PC_FEATURES: OptionNames<PcFeatures> = { features: true, electrodes: true }

/** The window of KiloSort's templates: 61 samples. */
const SAMPLES_BEFORE = 20
const SAMPLES_AFTER = 41

/** phylib drops an axis of one sample; more than this is no waveform. */
export const FEWEST_SAMPLES = 2
export const MOST_SAMPLES = 512

/** As many channels as int32 can number. */
const MOST_CHANNELS = 2 ** 31 - 1

/** Much longer than any path; params.py is read as a whole. */
const MOST_PATH_LENGTH = 4096
const MOST_FILES = 8

type Given<T> = { [Key in keyof T]?: unknown }

/**
 * What the option `phy` asks for; undefined where it does not ask for a folder for Phy.
 *
 * @throws TypeError, RangeError for anything but a boolean or an object of known options
 */
export function phyOption(phy: unknown): PhySettings | undefined {
  if (phy === undefined || phy === false) return undefined
  if (phy === true) return { rawTemplates: undefined, recording: undefined, pcFeatures: undefined }
  if (typeof phy !== 'object' || phy === null) throw invalidType('a boolean or { templates, recording, pcFeatures }', 'phy', phy)
  const given: Given<PhyOptions & RawTemplates> = optionsFrom<PhyOptions>(phy, OPTIONS, 'phy')
  return {
    rawTemplates: templatesOption(given),
    recording: isMissing(given.recording) ? undefined : recordingOption(given.recording),
    pcFeatures: isMissing(given.pcFeatures) ? undefined : pcFeaturesOption(given.pcFeatures),
  }
}

function templatesOption({ templates = true, samplesBefore, samplesAfter }: Given<RawTemplates>): PhySettings['rawTemplates'] {
  if (typeof templates !== 'boolean' && typeof templates !== 'string') throw invalidType("true or 'raw'", 'phy.templates', templates)
  if (templates === false) throw invalidValue('true, as Phy needs templates,', 'phy.templates', templates)
  if (templates === true) {
    const because = "no value, as phy.templates is not 'raw',"
    if (samplesBefore !== undefined) throw invalidValue(because, 'phy.samplesBefore', samplesBefore)
    if (samplesAfter !== undefined) throw invalidValue(because, 'phy.samplesAfter', samplesAfter)
    return undefined
  }
  if (templates !== 'raw') throw invalidValue("true or 'raw'", 'phy.templates', templates)
  const before = wholeNumber(samplesBefore ?? SAMPLES_BEFORE, 'phy.samplesBefore', 0, MOST_SAMPLES)
  const after = wholeNumber(samplesAfter ?? SAMPLES_AFTER, 'phy.samplesAfter', 1, MOST_SAMPLES)
  wholeNumber(before + after, 'phy.samplesBefore + phy.samplesAfter', FEWEST_SAMPLES, MOST_SAMPLES)
  return { before, after }
}

function recordingOption(recording: unknown): RecordingSettings {
  const given: Given<AnyRecording> = optionsFrom<AnyRecording>(recording as AnyRecording, RECORDING, 'phy.recording')
  const { inPlace, write, scale, path, channels, dtype = 'int16', offset = 0, hpFiltered = false } = given
  optionalBoolean(hpFiltered, 'phy.recording.hpFiltered')
  const refuse = (names: readonly (keyof typeof given & string)[], because: string) => {
    for (const name of names) if (given[name] !== undefined) throw invalidValue(because, `phy.recording.${name}`, given[name])
  }
  if (inPlace !== undefined) {
    if (typeof inPlace !== 'boolean') throw invalidType('true', 'phy.recording.inPlace', inPlace)
    if (!inPlace) throw invalidValue('true, or phy.recording.path instead,', 'phy.recording.inPlace', inPlace)
    refuse(['write', 'scale', 'path', 'channels', 'dtype', 'offset'], 'no value, as phy.recording.inPlace is true,')
    return { isInPlace: true, isWritten: false, hpFiltered: hpFiltered as boolean }
  }
  if (write !== undefined) {
    if (typeof write !== 'boolean') throw invalidType('true', 'phy.recording.write', write)
    if (!write) throw invalidValue('true, or phy.recording.path instead,', 'phy.recording.write', write)
    refuse(['path', 'channels', 'dtype', 'offset'], 'no value, as phy.recording.write is true,')
    const factor = scale === undefined ? undefined : positiveNumber(scale, 'phy.recording.scale', 'a factor')
    return { isInPlace: false, isWritten: true, scale: factor, hpFiltered: hpFiltered as boolean }
  }
  refuse(['scale'], 'no value, as phy.recording.write is not true,')
  if (!isNumberDtype(dtype)) throw invalidValue("a dtype of numpy, such as 'int16',", 'phy.recording.dtype', dtype)
  return {
    isInPlace: false,
    isWritten: false,
    paths: pathsOf(path),
    channels: wholeNumber(channels, 'phy.recording.channels', 1, MOST_CHANNELS),
    dtype,
    offset: wholeNumber(offset, 'phy.recording.offset', 0, Number.MAX_SAFE_INTEGER, ' of bytes'),
    hpFiltered: hpFiltered as boolean,
  }
}

function pathsOf(path: unknown): string[] {
  const several = Array.isArray(path)
  const given: unknown[] = several ? path.slice(0, MOST_FILES + 1) : [path]
  if (given.length === 0 || given.length > MOST_FILES) throw invalidValue(`1 to ${MOST_FILES} paths`, 'phy.recording.path', path)
  return given.map((one, i) => {
    const name = several ? `phy.recording.path[${i}]` : 'phy.recording.path'
    const text = exportPath(one, name)
    if (text.length > MOST_PATH_LENGTH) throw invalidValue(`a path of at most ${MOST_PATH_LENGTH} characters`, name, text)
    return text
  })
}

function pcFeaturesOption(given: unknown): PcFeatures {
  const { features, electrodes }: Given<PcFeatures> = optionsFrom<PcFeatures>(given as PcFeatures, PC_FEATURES, 'phy.pcFeatures')
  if (!Array.isArray(features)) throw invalidType('an array of NDArrays, one a unit,', 'phy.pcFeatures.features', features)
  if (!Array.isArray(electrodes)) throw invalidType('an array of electrodes for each unit', 'phy.pcFeatures.electrodes', electrodes)
  return { features, electrodes }
}
