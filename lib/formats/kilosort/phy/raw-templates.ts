/**
 * Templates that are means of the raw data around the spikes of each unit.
 */
import { addon } from '../../../engine/native.js'
import type { MeanWaveformsRequest } from '../../../engine/plan/mean-waveforms.js'
import { runJob } from '../../../engine/run-job.js'
import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidValue } from '../../../errors.js'
import { repeated, unset } from '../../../memory/allocation.js'
import { pinOwn } from '../../../memory/buffers.js'
import type { SpikeData } from '../../../model/spike-data.js'
import type { ExportOptions, Progress } from '../../../options/export-options.js'
import { isRawFile } from '../../../recording/raw-file.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices, isDue, spend } from '../../../steps.js'
import type { PhyChannels } from './channels.js'
import type { AlignedRaw } from './raw.js'
import { sequence } from './sequence.js'
import type { Waveforms } from './waveforms.js'
import { setPlaceholder } from './waveforms.js'

/** The channels of a template that is not on all: those closest to the unit's, as phylib shows them. */
const CLOSEST = 12

/** What the raw data is averaged for. */
export interface RawTemplatesRequest {
  raw: AlignedRaw
  fsHz: number
  startMs: number
  before: number
  after: number
}

/** The progress of an export that is not writing yet. */
const NOTHING_WRITTEN: Progress = { bytesWritten: 0, bytesTotal: 0 }

/** Fills templates in, before the folder is written. */
export type Prepare = (options: ExportOptions) => Promise<ExportWarning[]>

/**
 * Waveforms of zeros, and what fills them.
 *
 * @param isDense - whether each template is on all channels; otherwise it is on those closest to the unit's own
 * @throws RangeError, where templates are not dense, for a unit whose channel is not known
 */
export function* rawTemplates(
  { N, nativeTrains }: SpikeData,
  channels: PhyChannels,
  { raw, fsHz, startMs, before, after }: RawTemplatesRequest,
  isDense: boolean,
): Steps<{ waveforms: Waveforms; prepare: Prepare }> {
  const { map, unitChannels } = channels
  const samples = before + after
  const width = isDense ? map.length : Math.min(CLOSEST, map.length)
  const places = isDense ? undefined : yield* closestChannels(channels, width)
  const data = pinOwn(yield* repeated(Float32Array, N * samples * width, 0))
  const waveforms = {
    ...{ data, samples, width, places: places ?? (yield* sequence(map.length)) },
    ...{ missing: undefined, unplaced: new UnitList(), kept: new Set<string>() },
  }
  const request: MeanWaveformsRequest = {
    trains: nativeTrains,
    ...{ fsHz, startMs, raw: samplesOf(raw), firstSample: raw.firstSample },
    ...{ samplesBefore: before, samplesAfter: after, rows: map, ...(places && { channels: places }) },
  }
  return {
    waveforms,
    async prepare({ threads = 0, signal, onProgress }) {
      if (N === 0) return []
      const report =
        onProgress && ((bytesDone: number, bytesTotal: number) => onProgress({ ...NOTHING_WRITTEN, averaged: { bytesDone, bytesTotal } }))
      const { spikeCounts, notFinite } = await runJob((given) => addon.meanWaveforms(request, data, threads, given), signal, report)
      return inSlices(warningsFor(spikeCounts, notFinite), signal)
    },
  }

  /** Puts placeholders where there is no mean, or one of nothing but zeros. */
  function* warningsFor(spikeCounts: Float64Array, notFinite: number): Steps<ExportWarning[]> {
    const missing = new UnitList()
    const unplaced = new UnitList()
    for (const [unit, spikes] of spikeCounts.entries()) {
      if (isDue()) yield
      const size = samples * width
      if (spikes > 0 && (yield* hasNumbers(data.subarray(unit * size, (unit + 1) * size)))) continue
      missing.add(unit)
      const channel = unitChannels[unit] as number
      if (channel < 0) unplaced.add(unit)
      setPlaceholder(waveforms, unit, Math.min(before, samples - 1), isDense ? Math.max(0, channel) : 0)
    }
    return [...(missing.isEmpty ? [] : [noMeans(missing, unplaced)]), ...(notFinite === 0 ? [] : [meansNotFinite(notFinite)])]
  }
}

/** The samples as native code reads them. */
function samplesOf({ data, samples }: AlignedRaw): MeanWaveformsRequest['raw'] {
  return isRawFile(data) ? { in: 'file', samples: data.native } : { in: 'memory', data: data.data, samples }
}

function* hasNumbers(numbers: Float32Array): Steps<boolean> {
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== 0) return true
    if ((i & 127) === 0) spend(128)
    if (isDue(0)) yield
  }
  return false
}

/** The channels closest to that of each unit, its own first, units × width. */
function* closestChannels({ positions, unitChannels, map }: PhyChannels, width: number): Steps<Int32Array> {
  const places = unset(Int32Array, unitChannels.length * width)
  const closest = new Map<number, Int32Array>()
  const distances = unset(Float64Array, map.length)
  for (const [unit, channel] of unitChannels.entries()) {
    if (channel < 0)
      throw invalidValue(
        'an electrode, as templates of more than 1 GB are on those closest to it,',
        `the electrode of unit ${unit}`,
        undefined,
      )
    let own = closest.get(channel)
    if (!own) {
      yield* inRanges(map.length, (from, to) => {
        for (let other = from; other < to; other++) {
          const x = (positions[2 * other] as number) - (positions[2 * channel] as number)
          const y = (positions[2 * other + 1] as number) - (positions[2 * channel + 1] as number)
          distances[other] = x * x + y * y
        }
      })
      own = yield* smallest(distances, width)
      closest.set(channel, own)
    }
    places.set(own, unit * width)
    if (isDue()) yield
  }
  return places
}

/** Where the smallest numbers are, the smallest first. */
function* smallest(numbers: Float64Array, count: number): Steps<Int32Array> {
  const found = new Int32Array(count)
  let filled = 0
  yield* inRanges(numbers.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const number = numbers[i] as number
      if (filled === count && number >= (numbers[found[count - 1] as number] as number)) continue
      let at = filled < count ? filled++ : count - 1
      for (; at > 0 && number < (numbers[found[at - 1] as number] as number); at--) found[at] = found[at - 1] as number
      found[at] = i
    }
  })
  return found
}

function noMeans(missing: UnitList, unplaced: UnitList): ExportWarning {
  const place = unplaced.isEmpty ? '' : `; that of ${unplaced} is on the first channel, as the electrode is not known`
  return {
    code: 'SPIKEPORT_PHY_PLACEHOLDERS',
    message: `The templates of ${missing} in the Phy folder are placeholders, as no spike has raw data around it that is not zero${place}.`,
  }
}

function meansNotFinite(count: number): ExportWarning {
  return {
    code: 'SPIKEPORT_PHY_NOT_FINITE',
    message: `Templates in the Phy folder have 0 for ${count} means over raw data that are not finite.`,
  }
}
