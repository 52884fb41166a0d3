/**
 * SpikeInterface's `.npz`: for each segment an array of samples, and one of the unit of each.
 */
import { FormatError } from '../../errors.js'
import { NpzArchive } from '../../files/npz.js'
import { withFile } from '../../files/random-access.js'
import type { LoadOptions } from '../../jobs/load-call.js'
import { zeros } from '../../memory/allocation.js'
import { GrowingMap } from '../../memory/growing-map.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue, listInSteps } from '../../steps.js'
import type { Property, SegmentSpikes, Sorting, UnitId } from './sorting.js'
import { placesOf } from './sorting.js'

const MOST_SEGMENTS = 2 ** 31 - 1

/**
 * @param path - what errors call the file
 * @param readProperties - reads the properties that are beside the file, for as many units
 */
export async function npzSorting(
  absolute: string,
  path: string,
  { signal, onProgress }: LoadOptions,
  readProperties: (unitCount: number) => Promise<readonly Property[]> = async () => [],
): Promise<Sorting> {
  return withFile(absolute, path, async (file) => {
    const archive = await NpzArchive.open(file, path, signal)
    const unitIds = await inSlices(idsFrom(await archive.values('unit_ids')), signal)
    const segmentCount = await archive.number('num_segment')
    if (!Number.isInteger(segmentCount) || segmentCount < 1 || segmentCount > MOST_SEGMENTS) {
      throw new FormatError(path, `it is ${segmentCount}, no count of segments`, 'num_segment')
    }
    const samplingFrequency = await archive.number('sampling_frequency')
    return {
      samplingFrequency,
      unitIds,
      segmentCount,
      properties: await readProperties(unitIds.length),
      spikes: (segment, fsHz, rows) =>
        withFile(absolute, path, async (again) => {
          const arrays = await NpzArchive.open(again, path, signal)
          const samples = await arrays.numbers(`spike_indexes_seg${segment}`)
          const labels = await arrays.values(`spike_labels_seg${segment}`)
          if (samples.length !== labels.length) {
            throw new FormatError(path, `${samples.length} samples have ${labels.length} labels`, `segment ${segment}`)
          }
          onProgress?.({ bytesRead: again.size, bytesTotal: again.size })
          return inSlices(spikesOf(samples, labels, fsHz, unitIds, rows), signal)
        }),
    }
  })
}

/** The ids that units, or spikes, have: whole numbers are no bigints. */
function idsFrom(values: NumericArray | readonly string[]): Steps<UnitId[]> {
  return listInSteps(values.length, (i) => idAt(values, i))
}

function idAt(values: NumericArray | readonly string[], i: number): UnitId {
  const value = values[i] as number | bigint | string
  return typeof value === 'bigint' ? Number(value) : value
}

function* spikesOf(
  samples: NumericArray,
  labels: NumericArray | readonly string[],
  fsHz: number,
  unitIds: readonly UnitId[],
  rows: readonly number[],
): Steps<SegmentSpikes> {
  const places = yield* placesOf(unitIds.length, rows)
  const rowOf = new GrowingMap<UnitId, number>()
  for (const [row, id] of unitIds.entries()) {
    rowOf.set(id, row)
    if (isDue()) yield
  }
  const units = zeros(Int32Array, samples.length)
  const times = zeros(Float64Array, samples.length)
  let count = 0
  let leftOut = 0
  for (let i = 0; i < samples.length; i++) {
    const row = rowOf.get(idAt(labels, i))
    if (row === undefined) leftOut++
    const place = row === undefined ? -1 : (places[row] as number)
    if (place >= 0) {
      units[count] = place
      times[count++] = (Number(samples[i]) / fsHz) * 1e3
    }
    if (isDue()) yield
  }
  return { units: units.slice(0, count), times: times.slice(0, count), leftOut }
}
