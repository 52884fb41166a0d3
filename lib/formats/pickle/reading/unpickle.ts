/**
 * Runs a pickle from the first opcode to STOP.
 */
import { ReportPace } from '../../../engine/report-pace.js'
import type { RandomAccess } from '../../../files/random-access.js'
import type { LoadOptions } from '../../../jobs/load-call.js'
import { inSlices } from '../../../steps.js'
import { BackgroundReads } from './background-reads.js'
import type { PickleFailures } from './failures.js'
import type { Extent } from './input.js'
import { PickleMachine } from './machine.js'
import { run } from './operations.js'
import { PickleValues } from './values.js'

/**
 * The node that a pickle leaves, with all bytes that belong to it.
 *
 * @param extent - of `short`, long bytes are left in the file
 * @throws FormatError for what is no pickle, is cut off, or has in it what is not allowed
 * @throws the signal's reason, or what `onProgress` throws
 */
export async function unpickle(
  file: RandomAccess,
  failures: PickleFailures,
  options: LoadOptions,
  extent: Exclude<Extent, 'structure'> = 'all',
): Promise<unknown> {
  const { signal, threads, onProgress } = options
  const pace = new ReportPace()
  let bytesRead = 0
  const count = (bytes: number) => {
    bytesRead += bytes
    if (onProgress && pace.isTime()) onProgress({ bytesRead, bytesTotal: file.size })
  }
  const reads = new BackgroundReads(file, threads, signal, count)
  const machine = new PickleMachine(file, reads, failures, extent)
  try {
    while (!machine.isDone) {
      signal?.throwIfAborted()
      count(await machine.input.refill(signal))
      signal?.throwIfAborted()
      await inSlices(run(machine), signal)
    }
    await reads.all()
  } finally {
    await reads.stop()
  }
  signal?.throwIfAborted()
  if (extent === 'all') onProgress?.({ bytesRead: file.size, bytesTotal: file.size })
  return machine.top
}

/** The most bytes that opcodes take of a file whose structure is wanted: each may become an object. */
const MOST_TAKEN = 2 ** 22
/** The most opcodes: each may make an object, of some hundred bytes. A recording has some 40 for each unit and its attributes. */
const MOST_OPCODES = 2 ** 19
/** The most bytes that are searched for the ends of lines: protocol 0 has arrays as text without a length. */
const MOST_SEARCHED = 2 ** 28

/**
 * The node that a pickle leaves, without the elements of arrays and long texts, which are not read. Time and memory are bounded whatever the
 * size of the file.
 *
 * @returns undefined for a pickle with more structure than is looked at
 * @throws what {@link unpickle} does
 */
export async function structureOf(file: RandomAccess, failures: PickleFailures, signal: AbortSignal | undefined): Promise<unknown> {
  const reads = new BackgroundReads(file, undefined, signal, () => {})
  const machine = new PickleMachine(file, reads, failures, 'structure')
  const { input } = machine
  try {
    while (!machine.isDone) {
      signal?.throwIfAborted()
      if (machine.ran >= MOST_OPCODES || input.taken > MOST_TAKEN || input.searched > MOST_SEARCHED) return undefined
      await input.refill(signal)
      await inSlices(run(machine, MOST_OPCODES), signal)
    }
  } finally {
    await reads.stop()
  }
  return machine.top
}

/**
 * The plain value of a pickle that holds none of SpikeLab's objects: whole floats are numbers, and tuples arrays.
 *
 * @throws what {@link unpickle} does, and FormatError for an object
 */
export async function unpickledValue(file: RandomAccess, failures: PickleFailures, options: LoadOptions): Promise<unknown> {
  const root = await unpickle(file, failures, options)
  return inSlices(new PickleValues(failures, true).value(root), options.signal)
}
