/**
 * Fuzz targets of the readers that are TypeScript: each reads one input as its reader does, and lets through only the errors that the
 * reader documents. Any other error is a finding, and so is an input that takes long or takes memory that its size does not justify.
 */
import { FormatError } from '../../dist/errors.js'
import { readNpyHeader, readNpyNumbers, readNpyTexts } from '../../dist/files/npy.js'
import { InMemory } from '../../dist/files/random-access.js'
import { ZipArchive } from '../../dist/files/zip.js'
import { keptIds } from '../../dist/formats/kilosort/reading/labels.js'
import { paramsFrom } from '../../dist/formats/kilosort/reading/params.js'
import { columnValues, readTable, TableProblem } from '../../dist/formats/kilosort/reading/table.js'
import { PickleFailures } from '../../dist/formats/pickle/reading/failures.js'
import { memoryFor } from '../../dist/formats/pickle/reading/machine.js'
import { InstanceNode } from '../../dist/formats/pickle/reading/nodes.js'
import { objectFrom } from '../../dist/formats/pickle/reading/objects.js'
import { unpickle } from '../../dist/formats/pickle/reading/unpickle.js'
import { PickleValues } from '../../dist/formats/pickle/reading/values.js'
import { inSlices } from '../../dist/steps.js'

const PATH = 'input'

/**
 * @param {Promise<unknown>} reading
 * @param {Function[]} documented - the classes of errors that the reader throws
 */
async function mayFail(reading, ...documented) {
  try {
    await reading
  } catch (error) {
    if (!documented.some((expected) => error instanceof expected)) throw error
  }
}

/** @param {import('../../dist/files/random-access.js').RandomAccess} file */
async function readArray(file) {
  const place = { path: PATH }
  const header = await readNpyHeader(file, place)
  await mayFail(readNpyNumbers(file, header, place), FormatError)
  await readNpyTexts(file, header, place)
}

/** @param {Uint8Array} bytes */
async function readObject(bytes) {
  const failures = new PickleFailures(PATH)
  const root = await unpickle(new InMemory(bytes), failures, {})
  for (const isPlain of [false, true]) {
    const values = new PickleValues(failures, isPlain)
    const context = { values, failures, warnings: [], signal: undefined, memoryLeft: memoryFor(bytes.length) }
    await (root instanceof InstanceNode ? objectFrom(root, context) : inSlices(values.value(root)))
  }
}

/** @param {Uint8Array} bytes */
async function readEntries(bytes) {
  const zip = await ZipArchive.open(new InMemory(bytes), PATH)
  for (const name of zip.names) {
    await mayFail(zip.entry(name), FormatError)
    await mayFail(
      zip.withEntry(name, async (entry) => {
        const target = new Uint8Array(Math.min(entry.size, 4096))
        await entry.read(target, entry.size - target.length)
        await entry.read(target, 0)
      }),
      FormatError,
    )
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {boolean} isCsv
 */
async function readCells(bytes, isCsv) {
  const table = await readTable(new InMemory(bytes), isCsv, undefined)
  for (const column of table.columns.keys()) await inSlices(columnValues(table, column))
  await inSlices(keptIds(table, true))
}

/** @param {Uint8Array} bytes */
export const npy = (bytes) => mayFail(readArray(new InMemory(bytes)), FormatError)

/** @param {Uint8Array} bytes */
export const pickle = (bytes) => mayFail(readObject(bytes), FormatError)

/** @param {Uint8Array} bytes */
export const zip = (bytes) => mayFail(readEntries(bytes), FormatError)

/** @param {Uint8Array} bytes - the first says what separates cells, the others are the table */
export async function table(bytes) {
  // Jazzer.js 4.0.0 can wait for ever for a promise that is settled within the turn of the call.
  await new Promise((resolve) => setImmediate(resolve))
  await mayFail(readCells(bytes.subarray(1), bytes[0] === 0x2c), TableProblem)
}

/** @param {Uint8Array} bytes */
export const params = (bytes) => inSlices(paramsFrom(Buffer.from(bytes).toString('utf8')))
