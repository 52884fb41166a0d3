/**
 * Recognises pickles, and finds out what they hold without reading the elements of arrays.
 */
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings, InspectedArray } from '../../jobs/findings.js'
import { incomplete } from '../../jobs/findings.js'
import type { Recognition } from '../../jobs/reader.js'
import { sizeOf } from '../../memory/ndarray.js'
import { inSlices } from '../../steps.js'
import { instanceIn } from './read.js'
import { PickleFailures } from './reading/failures.js'
import { ArrayNode, ScalarNode } from './reading/nodes.js'
import { numberIn } from './reading/plain-values.js'
import { arrayIn, itemsIn, keysOf, partsOf, spikesIn } from './reading/structure.js'
import { structureOf } from './reading/unpickle.js'
import { PickleValues } from './reading/values.js'
import { PyFloat } from './values.js'

/** The opcode PROTO, with which protocols from 2 on begin. */
const PROTO = '\x80'

/** Python's highest is 5. A pickle of a later one is an error that says so; no text has these characters. */
const HIGHEST_PROTOCOL = 8

/** What Python calls a module and a class in it, at the end of an opcode. */
const GLOBAL = String.raw`[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n`
/** The first object gets the first place in the memo, or there is nothing else. */
const FIRST = String.raw`(?:p\d+\n|q\0|\.$)`
/**
 * Protocols 0 and 1 begin with the name of a class or a function, which is kept or called, or with a container. Text may begin with the same
 * letters, so that what follows counts, too.
 */
const WITHOUT_PROTOCOL = new RegExp(
  String.raw`^(?:c${GLOBAL}(?:${FIRST}|\)[Rq]|\((?:c${GLOBAL}|[dlt]p\d+\n))|\((?:[dlt]|i${GLOBAL})${FIRST}|[\]})]${FIRST})`,
)

/** The class of a recording. */
const RECORDING = 'SpikeData'

export async function recognisePickle({ start, folder }: Candidate): Promise<Recognition> {
  if (folder) return undefined
  const isPickle = start[0] === PROTO ? start.charCodeAt(1) <= HIGHEST_PROTOCOL : WITHOUT_PROTOCOL.test(start)
  return isPickle ? 'structure' : undefined
}

/** What a pickle holds: its class, and of a recording what its structure states. */
export async function inspectPickle({ bytes, path, signal, start }: Candidate): Promise<Findings> {
  const failures = new PickleFailures(path)
  const root = await structureOf(bytes, failures, signal)
  const version = start[0] === PROTO ? { version: String(start.charCodeAt(1)) } : {}
  if (root === undefined) {
    const warnings = [incomplete('What the pickle holds is not known: it has more structure than is looked at.')]
    return { ...version, attributes: [], rawData: [], warnings }
  }
  const instance = instanceIn(root, failures)
  const parts = partsOf(instance)
  const { names, areMore } = await inSlices(keysOf(itemsIn(parts.get('neuron_attributes')) ?? []), signal)
  const warnings = areMore
    ? [incomplete('Not all attributes are listed: of names of some kinds not all is read, and only so many are looked at.')]
    : []
  const findings = { variant: instance.className, ...version, attributes: names, rawData: [], warnings }
  if (instance.className !== RECORDING) return findings
  const number = async (name: string) => {
    const node = parts.get(name)
    return isNumber(node) ? numberIn(await inSlices(new PickleValues(failures, true).value(node), signal)) : undefined
  }
  const raw = rawDataIn(parts.get('raw_data'))
  const trains = itemsIn(parts.get('train'))
  const spikes = trains && (await inSlices(spikesIn(trains, bytes.size, failures), signal))
  const [N, lengthMs, startTimeMs = 0] = [await number('N'), await number('length'), await number('start_time')]
  return {
    ...findings,
    ...(trains && { units: Math.max(trains.length, N ?? 0) }),
    ...(spikes !== undefined && { spikes }),
    startTimeMs,
    ...(lengthMs !== undefined && { lengthMs }),
    ...(raw?.shape.length === 2 && { channels: raw.shape[0] as number }),
    rawData: raw ? [raw] : [],
  }
}

/** Whether a node is a single number, whose bytes have been read. */
function isNumber(node: unknown): boolean {
  const isOne = node instanceof ScalarNode || (node instanceof ArrayNode && node.state?.shape.length === 0)
  return isOne || typeof node === 'number' || typeof node === 'bigint' || node instanceof PyFloat
}

/** SpikeLab's recordings without raw data have an array without samples. */
function rawDataIn(node: unknown): InspectedArray | undefined {
  const array = arrayIn(node)
  return array && array.shape.length > 0 && sizeOf(array.shape) > 0 ? { name: 'raw_data', ...array } : undefined
}
