/**
 * Python pickles of SpikeLab's objects, as SpikeLab's `export_to_pickle` writes them.
 */
import { segmentsForPlan } from '../../engine/native-lists.js'
import type { FilePlan } from '../../engine/plan/byte-segments.js'
import { spikeValuesLeftOut } from '../../engine/warnings.js'
import { invalidType } from '../../errors.js'
import { checkExportCall, EXPORT_OPTIONS } from '../../jobs/export-call.js'
import type { Counts } from '../../jobs/run-export.js'
import { countsOf, runExport } from '../../jobs/run-export.js'
import { isPairwiseCompMatrix, PairwiseCompMatrix } from '../../model/pairwise-comp-matrix.js'
import { isPairwiseCompMatrixStack, PairwiseCompMatrixStack } from '../../model/pairwise-comp-matrix-stack.js'
import { isRateData, RateData } from '../../model/rate-data.js'
import { isRateSliceStack, RateSliceStack } from '../../model/rate-slice-stack.js'
import { isSpikeData, SpikeData, whileOpen } from '../../model/spike-data.js'
import { isSpikeSliceStack, SpikeSliceStack } from '../../model/spike-slice-stack.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { checkedNumber } from '../../options/checks.js'
import type { ExportOptions, ExportReport } from '../../options/export-options.js'
import type { ExportPath } from '../../options/export-path.js'
import type { Steps } from '../../steps.js'
import { inSlices } from '../../steps.js'
import type { OptionsFor, S3Options } from '../../storage/s3-options.js'
import {
  pairwiseCompMatrixObject,
  pairwiseCompMatrixStackObject,
  rateDataObject,
  rateSliceStackObject,
  spikeDataObject,
  spikeSliceStackObject,
} from './classes.js'
import type { PickleProtocol } from './output.js'
import { pickle } from './pickler.js'
import type { PythonObject } from './values.js'

/** The objects that {@link exportToPickle} exports. */
export type SpikeLabObject = SpikeData | RateData | PairwiseCompMatrix | PairwiseCompMatrixStack | RateSliceStack | SpikeSliceStack

/** The options that only pickles have. */
export interface PickleFile {
  /**
   * The protocol of Python's pickle; any negative number is the highest, as in Python. Default 5, which Python 3.8 and later read; 4 is for
   * 3.4 and later.
   */
  protocol?: PickleProtocol | -1 | Missing
}

/** Options of {@link exportToPickle}; names are the reference's. Options of S3 without `s3Upload` neither compile nor run. */
export type PickleOptions = PickleFile & ExportOptions & S3Options

/** The result of {@link exportToPickle}. */
export interface PickleReport extends ExportReport {
  /** The file, or its S3 URL. */
  path: string
}

const OPTIONS: OptionNames<PickleOptions> = { ...EXPORT_OPTIONS, protocol: true }

const HIGHEST_PROTOCOL = 5

/**
 * Exports an object to a pickle that Python's `pickle.load` reads as SpikeLab's own class, with numpy 1.20 and later.
 *
 * Metadata, attributes and labels may hold null, booleans, strings, numbers, bigints, arrays, plain objects, Maps, Sets, typed
 * arrays and {@link NDArray}s, shared and cyclic ones too. Whole numbers become `int`, others and −0 `float`; `pyFloat` and
 * `pyTuple` mark what only Python distinguishes. Do not change any of them until the promise resolves; buffers of large arrays can
 * no longer be transferred to another thread. Keys or members that Python takes for equal, such as 1 and true, are an error.
 * Missing folders are created, and an existing file is replaced once the new one is complete.
 *
 * @param obj - the object
 * @param path - the file, as a path or a `file:` URL; with `s3Upload` an S3 URL
 * @param options - a {@link PickleOptions}
 * @returns a promise of what was written
 * @throws TypeError, RangeError for options that make no sense, values that have no counterpart in Python (named by their
 *   path, such as `metadata.probe.fn`) and arrays beyond 4 GiB in protocols below 4, before anything is written
 * @throws Error with the file system's `code`, S3Error; the signal's reason; or what a getter in the metadata throws
 * @example
 * ```js
 * const { path } = await exportToPickle(sd, 'recording.pkl', { protocol: 4 })
 * ```
 */
export async function exportToPickle<Path extends ExportPath>(
  obj: SpikeLabObject,
  path: Path,
  ...[options]: OptionsFor<Path, PickleOptions>
): Promise<PickleReport> {
  return whileOpen(recordingsIn(obj), () => writePickle(obj, path, options))
}

function recordingsIn(obj: SpikeLabObject): readonly SpikeData[] {
  return isSpikeData(obj) ? [obj] : isSpikeSliceStack(obj) ? obj.spikeStack : []
}

async function writePickle(obj: SpikeLabObject, path: ExportPath, options: PickleOptions | undefined): Promise<PickleReport> {
  const call = checkExportCall<PickleOptions>(path, options, OPTIONS)
  const [object, counts] = described(obj)
  const { given } = call
  const protocol = protocolFrom(given.protocol ?? HIGHEST_PROTOCOL)
  const planFor = async (target: string) => {
    const segments = await inSlices(segmentsOf(object, protocol), given.signal)
    return { format: 'file', target, segments } as const
  }
  const left = new Set(recordingsIn(obj).flatMap(({ valueColumns }) => valueColumns.map(({ name }) => name)))
  if (left.size > 0) call.warnings.push(spikeValuesLeftOut('pickle', [...left]))
  return { ...(await runExport(call, planFor, counts)), path: call.destination.given }
}

function protocolFrom(protocol: unknown): PickleProtocol {
  const expected = `a whole number from 0 to ${HIGHEST_PROTOCOL} (a negative one is the highest)`
  const checked = checkedNumber(protocol, 'protocol', expected, (value) => Number.isInteger(value) && value <= HIGHEST_PROTOCOL)
  return (checked < 0 ? HIGHEST_PROTOCOL : checked) as PickleProtocol
}

/** The object as Python is to see it, and what the report counts. */
function described(obj: SpikeLabObject): [PythonObject, Counts] {
  if (isSpikeData(obj)) return [spikeDataObject(obj), countsOf(obj)]
  if (isRateData(obj)) return [rateDataObject(obj), withoutSpikes(obj.N)]
  if (isPairwiseCompMatrix(obj)) return [pairwiseCompMatrixObject(obj), withoutSpikes(obj.matrix.shape[0])]
  if (isPairwiseCompMatrixStack(obj)) return [pairwiseCompMatrixStackObject(obj), withoutSpikes(obj.stack.shape[0])]
  if (isRateSliceStack(obj)) return [rateSliceStackObject(obj), withoutSpikes(obj.eventStack.shape[0])]
  if (isSpikeSliceStack(obj)) return [spikeSliceStackObject(obj), { spikeCount: obj.spikeCount, unitCount: obj.N }]
  const classes = [SpikeData, RateData, PairwiseCompMatrix, PairwiseCompMatrixStack, RateSliceStack, SpikeSliceStack]
  throw invalidType(`one of ${classes.map(({ name }) => name).join(', ')}`, 'obj', obj)
}

function withoutSpikes(unitCount = 0): Counts {
  return { spikeCount: 0, unitCount }
}

function* segmentsOf(object: PythonObject, protocol: PickleProtocol): Steps<FilePlan['segments']> {
  return yield* segmentsForPlan(yield* pickle(object, protocol))
}
