/**
 * SpikeInterface's `.npz`: for each segment an array of samples, and one of the unit of each.
 */
import { FormatError } from '../../errors.js'
import type { NpyHeader } from '../../files/npy.js'
import { readNpyTexts } from '../../files/npy.js'
import type { OpenArray } from '../../files/npz.js'
import { NpzArchive } from '../../files/npz.js'
import { withFile } from '../../files/random-access.js'
import type { SpikeNumbers } from '../../formats/kilosort/reading/numbers.js'
import { readInto, roomFor, spikeNumbers } from '../../formats/kilosort/reading/numbers.js'
import type { PlainBytes, Reading } from '../../formats/kilosort/reading/source.js'
import type { LoadOptions } from '../../jobs/load-call.js'
import { GrowingMap } from '../../memory/growing-map.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { timeScaling } from '../../options/time-unit.js'
import { BLOCK_SPIKES } from '../../recording/spool-blocks.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue, listInSteps } from '../../steps.js'
import type { Property, Sorting, UnitId } from './sorting.js'
import { placesOf } from './sorting.js'
import type { StoredSpikes } from './spikes.js'

const MOST_SEGMENTS = 2 ** 31 - 1

/** How many bytes of labels that are texts are read at once. */
const PIECE_BYTES = 2 ** 20

/**
 * @param path - what errors call the file
 * @param readProperties - reads the properties that are beside the file, for as many units
 */
export async function npzSorting(
  absolute: string,
  path: string,
  { signal, threads }: LoadOptions,
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
      withSpikes: (segment, fsHz, rows, use) =>
        withFile(absolute, path, async (again) => {
          const archive = await NpzArchive.open(again, path, signal)
          const places = await inSlices(placesById(unitIds, rows), signal)
          return archive.withArray(`spike_indexes_seg${segment}`, async (samples) =>
            archive.withArray(`spike_labels_seg${segment}`, async (labels) => {
              const [count, labelCount] = [samples.header.count, labels.header.count]
              if (count !== labelCount) throw new FormatError(path, `${count} samples have ${labelCount} labels`, `segment ${segment}`)
              const file = { path: absolute, size: again.size }
              return use(await storedSpikes(file, { samples, labels, fsHz, places }, { signal, threads }))
            }),
          )
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

/** The place of each unit of a sorting among those asked for, −1 where it is not, by the id of the unit. */
function* placesById(unitIds: readonly UnitId[], rows: readonly number[]): Steps<GrowingMap<UnitId, number>> {
  const places = yield* placesOf(unitIds.length, rows)
  const byId = new GrowingMap<UnitId, number>()
  for (const [row, id] of unitIds.entries()) {
    byId.set(id, places[row] as number)
    if (isDue()) yield
  }
  return byId
}

/** The two arrays of a segment, and what is wanted of them. */
interface Segment {
  readonly samples: OpenArray
  readonly labels: OpenArray
  readonly fsHz: number
  readonly places: GrowingMap<UnitId, number>
}

/** The spikes of a segment, whose arrays are read piece by piece. */
async function storedSpikes(
  archive: Omit<PlainBytes, 'start'>,
  { samples, labels, fsHz, places }: Segment,
  reading: Reading,
): Promise<StoredSpikes> {
  const inArchive = ({ file, place, storedAt }: OpenArray) => {
    return { bytes: file, place, plain: storedAt === undefined ? undefined : { ...archive, start: storedAt } }
  }
  const ofSamples = await spikeNumbers(inArchive(samples))
  const labelsFrom = isText(labels.header) ? textReader(labels, reading) : numberReader(await spikeNumbers(inArchive(labels)), reading)
  const each = isText(labels.header) ? Math.max(1, Math.floor(PIECE_BYTES / Math.max(1, labels.header.itemBytes))) : BLOCK_SPIKES
  const scaling = timeScaling({ to: 'samples', fsHz })
  return {
    count: samples.header.count,
    bytes: archive.size,
    async read(first, units, times) {
      await readInto(times, ofSamples, first, scaling, reading)
      const found = { wanted: 0, leftOut: 0 }
      for (let start = 0; start < units.length; start += each) {
        const some = await labelsFrom(first + start, Math.min(each, units.length - start))
        await inSlices(keepWanted(some, start, places, units, times, found), reading.signal)
      }
      return found
    },
  }
}

function isText({ dtype }: NpyHeader): boolean {
  return dtype?.kind === 'U' || dtype?.kind === 'S'
}

/** What reads labels from one on. */
type LabelReader = (first: number, count: number) => Promise<NumericArray | readonly string[]>

function numberReader(numbers: SpikeNumbers, reading: Reading): LabelReader {
  return (first, count) => readInto(roomFor(numbers, count), numbers, first, undefined, reading)
}

function textReader({ file, header, place }: OpenArray, { signal }: Reading): LabelReader {
  return async (first, count) => {
    const some = { ...header, count, dataStart: header.dataStart + first * header.itemBytes }
    return (await readNpyTexts(file, some, place, signal)) as string[]
  }
}

/** Moves the times of the wanted ones of a few spikes, which begin at `start`, to the front, and notes their units. */
function* keepWanted(
  labels: NumericArray | readonly string[],
  start: number,
  places: GrowingMap<UnitId, number>,
  units: Int32Array,
  times: Float64Array,
  found: { wanted: number; leftOut: number },
): Steps<void> {
  for (let i = 0; i < labels.length; i++) {
    const place = places.get(idAt(labels, i))
    if (place === undefined) found.leftOut++
    else if (place >= 0) {
      units[found.wanted] = place
      times[found.wanted++] = times[start + i] as number
    }
    if (isDue()) yield
  }
}
