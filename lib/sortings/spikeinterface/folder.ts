/**
 * The folder `numpy_folder`: `numpysorting_info.json`, `spikes.npy` with one record a spike, and one NPY file a property.
 */
import { FormatError } from '../../errors.js'
import type { NpyHeader, Place } from '../../files/npy.js'
import { readNpyHeader } from '../../files/npy.js'
import type { Dtype } from '../../files/numpy-dtype.js'
import type { RandomAccess } from '../../files/random-access.js'
import { withFile } from '../../files/random-access.js'
import type { LoadOptions } from '../../jobs/load-call.js'
import { zeros } from '../../memory/allocation.js'
import { isPlainObject } from '../../recording/attributes.js'
import { inRanges, inSlices } from '../../steps.js'
import { entryPath } from '../../storage/paths.js'
import { propertiesIn } from './saved-properties.js'
import type { Sorting, UnitId } from './sorting.js'
import { placesOf } from './sorting.js'

/** The records of all spikes. */
export const SPIKES = 'spikes.npy'

/** JSON is parsed in one go. */
const MOST_INFO_BYTES = 4 * 2 ** 20

const PIECE_BYTES = 2 ** 20

/** What a folder states of its sorting. */
type FolderInfo = Pick<Sorting, 'samplingFrequency' | 'unitIds' | 'segmentCount'>

/** @param info - the name of the file with ids and sampling frequency */
export async function folderInfo(absolute: string, path: string, info: string): Promise<FolderInfo> {
  const { sampling_frequency, unit_ids, num_segments } = await jsonAt(entryPath(absolute, info), entryPath(path, info))
  if (typeof sampling_frequency !== 'number') throw new FormatError(path, 'sampling_frequency is no number', info)
  if (!Array.isArray(unit_ids) || !unit_ids.every(isId)) throw new FormatError(path, 'unit_ids is no list of numbers or texts', info)
  if (!Number.isSafeInteger(num_segments) || (num_segments as number) < 1) throw new FormatError(path, 'num_segments is no count', info)
  return { samplingFrequency: sampling_frequency, unitIds: unit_ids, segmentCount: num_segments as number }
}

/** A folder. @param info - the name of the file with ids and sampling frequency */
export async function numpyFolderSorting(absolute: string, path: string, info: string, options: LoadOptions): Promise<Sorting> {
  const stated = await folderInfo(absolute, path, info)
  const unitCount = stated.unitIds.length
  const { signal } = options
  return {
    ...stated,
    properties: await propertiesIn(absolute, path, unitCount, signal),
    withSpikes: (segment, fsHz, rows, use) =>
      withFile(entryPath(absolute, SPIKES), entryPath(path, SPIKES), async (file) => {
        const place = { path: entryPath(path, SPIKES) }
        const header = await readNpyHeader(file, place)
        const places = await inSlices(placesOf(unitCount, rows), signal)
        const records = new Records(header, place, segment, fsHz, places)
        const { count, itemBytes } = header
        return use({
          count,
          bytes: count * itemBytes,
          read: (first, units, times) => readRecords(file, header, records, { first, units, times }, signal),
        })
      }),
  }
}

function isId(value: unknown): value is UnitId {
  return typeof value === 'number' || typeof value === 'string'
}

async function jsonAt(absolute: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await withFile(absolute, path, async (file) => {
    if (file.size > MOST_INFO_BYTES) throw new FormatError(path, `it has ${file.size} bytes, more than ${MOST_INFO_BYTES}`)
    const bytes = Buffer.alloc(file.size)
    await file.read(bytes, 0)
    return bytes.toString('utf8')
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new FormatError(path, 'it is no JSON', undefined, error)
  }
  if (!isPlainObject(value)) throw new FormatError(path, 'it is no JSON object')
  return value
}

/** Where spikes go, and the first of them. */
interface Target {
  readonly first: number
  readonly units: Int32Array
  readonly times: Float64Array
}

/** Reads records, a piece at a time. */
async function readRecords(
  file: RandomAccess,
  { itemBytes, dataStart }: NpyHeader,
  records: Records,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<{ wanted: number; leftOut: number }> {
  const { first, units } = target
  const each = Math.max(1, Math.floor(PIECE_BYTES / itemBytes))
  const piece = zeros(Uint8Array, Math.min(each, units.length) * itemBytes)
  let wanted = 0
  for (let start = 0; start < units.length; start += each) {
    const length = Math.min(each, units.length - start)
    await file.read(piece.subarray(0, length * itemBytes), dataStart + (first + start) * itemBytes)
    await inSlices(
      inRanges(length, (from, to) => {
        wanted = records.take(piece, from, to, first + start, target, wanted)
      }),
      signal,
    )
  }
  return { wanted, leftOut: 0 }
}

/** Makes spikes of the records of the wanted segment and units. */
class Records {
  readonly #path: string
  readonly #itemBytes: number
  readonly #segment: number
  readonly #fsHz: number
  readonly #places: Int32Array
  readonly #sampleOf: (view: DataView, record: number) => number
  readonly #unitOf: (view: DataView, record: number) => number
  readonly #segmentOf: (view: DataView, record: number) => number

  constructor({ fields = [], itemBytes, shape, descr }: NpyHeader, { path }: Place, segment: number, fsHz: number, places: Int32Array) {
    this.#path = path
    if (shape.length !== 1) throw new FormatError(path, `it has ${shape.length} axes, not 1`)
    const reader = (name: string) => {
      let start = 0
      for (const field of fields) {
        if (field.name === name && 'iu'.includes(field.dtype.kind)) return integerReader(field.dtype, start)
        start += field.dtype.itemBytes
      }
      throw new FormatError(path, `its elements, of type ${descr}, have no whole number ${name}`)
    }
    this.#sampleOf = reader('sample_index')
    this.#unitOf = reader('unit_index')
    this.#segmentOf = fields.some(({ name }) => name === 'segment_index') ? reader('segment_index') : () => 0
    this.#itemBytes = itemBytes
    this.#segment = segment
    this.#fsHz = fsHz
    this.#places = places
  }

  /**
   * Takes records `from` to `to - 1` of a piece.
   *
   * @param first - which spike the piece begins with
   * @param count - how many spikes are there already
   * @returns how many are there now
   */
  take(piece: Uint8Array, from: number, to: number, first: number, { units, times }: Target, count: number): number {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length)
    let filled = count
    for (let i = from; i < to; i++) {
      const record = i * this.#itemBytes
      const unit = this.#unitOf(view, record)
      const place = this.#places[unit]
      if (place === undefined) {
        throw new FormatError(this.#path, `spike ${first + i} is of unit ${unit}, and there are ${this.#places.length}`)
      }
      if (place < 0 || this.#segmentOf(view, record) !== this.#segment) continue
      units[filled] = place
      times[filled++] = (this.#sampleOf(view, record) / this.#fsHz) * 1e3
    }
    return filled
  }
}

/** What reads a whole number of a record, as a float64. */
function integerReader({ kind, itemBytes, isBigEndian }: Dtype, start: number): (view: DataView, record: number) => number {
  const isLittle = !isBigEndian
  const isSigned = kind === 'i'
  switch (itemBytes) {
    case 1:
      return (view, record) => (isSigned ? view.getInt8(record + start) : view.getUint8(record + start))
    case 2:
      return (view, record) => (isSigned ? view.getInt16(record + start, isLittle) : view.getUint16(record + start, isLittle))
    case 4:
      return (view, record) => (isSigned ? view.getInt32(record + start, isLittle) : view.getUint32(record + start, isLittle))
    default: {
      const [high, low] = isLittle ? [start + 4, start] : [start, start + 4]
      return (view, record) => {
        const upper = isSigned ? view.getInt32(record + high, isLittle) : view.getUint32(record + high, isLittle)
        return upper * 2 ** 32 + view.getUint32(record + low, isLittle)
      }
    }
  }
}
