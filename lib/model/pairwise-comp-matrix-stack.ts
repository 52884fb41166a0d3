import { invalidType, invalidValue } from '../errors.js'
import { pin } from '../memory/buffers.js'
import type { NDArray } from '../memory/ndarray.js'
import { isNDArray } from '../memory/ndarray.js'
import type { OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom } from '../options/checks.js'
import type { Metadata } from '../recording/attributes.js'
import { labelsFor, metadataCopy, requireCount } from '../recording/attributes.js'
import type { TimeWindow } from '../recording/windows.js'
import { timeWindows } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce } from '../steps.js'
import { Checked, isChecked } from './checked.js'
import type { PairwiseCompMatrixOptions } from './pairwise-comp-matrix.js'

/** Options of {@link PairwiseCompMatrixStack}. */
export interface PairwiseCompMatrixStackOptions extends PairwiseCompMatrixOptions {
  /** The window each matrix belongs to, `[start, end]` in ms, in the order of the matrices. */
  times?: readonly TimeWindow[] | null | undefined
}

const OPTIONS: OptionNames<PairwiseCompMatrixStackOptions> = { labels: true, metadata: true, times: true }

/** Checks the brand of a {@link PairwiseCompMatrixStack}, a private field: rejects proxies and look-alikes. */
export let isPairwiseCompMatrixStack: (value: unknown) => value is PairwiseCompMatrixStack

/** Comparisons of every unit with every other, one matrix a slice: n × n × S, SpikeLab's `PairwiseCompMatrixStack`. Frozen. */
export class PairwiseCompMatrixStack {
  /** The comparisons, n × n × S. */
  readonly stack: NDArray
  /** A label for each row and column, or null. */
  readonly labels: readonly unknown[] | null
  /** The window each matrix belongs to, `[start, end]` in ms, or null. */
  readonly times: readonly TimeWindow[] | null
  /** Anything else about the stack. */
  readonly metadata: Metadata

  readonly #brand = true
  static {
    isPairwiseCompMatrixStack = (value): value is PairwiseCompMatrixStack => #brand in Object(value)
  }

  /**
   * Creates a stack of matrices. The numbers stay in the caller's array.
   *
   * @param stack - the comparisons, n × n × S, of any numeric dtype; not copied
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, a stack that is not n × n × S, is on a buffer that native code cannot rely on (shared,
   *   resizable, frozen, memory of WebAssembly) or was transferred, and for labels or times of the wrong number
   */
  constructor(stack: NDArray, options?: PairwiseCompMatrixStackOptions)
  /** @internal */
  constructor(checked: Checked<Fields>)
  constructor(given: NDArray | Checked<Fields>, options?: PairwiseCompMatrixStackOptions) {
    const { fields } = isChecked<Fields>(given) ? given : atOnce(checkedFields(given, optionsFrom(options, OPTIONS)))
    this.stack = fields.stack
    this.labels = fields.labels
    this.times = fields.times
    this.metadata = fields.metadata
    Object.freeze(this)
  }

  /** @internal The same in steps, for many matrices. */
  static *made(stack: NDArray, options: PairwiseCompMatrixStackOptions): Steps<PairwiseCompMatrixStack> {
    return new PairwiseCompMatrixStack(yield* checkedFields(stack, options))
  }
}

interface Fields {
  readonly stack: NDArray
  readonly labels: readonly unknown[] | null
  readonly times: readonly TimeWindow[] | null
  readonly metadata: Metadata
}

function* checkedFields(stack: NDArray, { labels, times, metadata }: PairwiseCompMatrixStackOptions): Steps<Checked<Fields>> {
  if (!isNDArray(stack)) throw invalidType('an NDArray', 'stack', stack)
  const [rows, columns, slices] = stack.shape
  if (stack.shape.length !== 3 || rows !== columns) throw invalidValue('n × n × S', 'stack.shape', stack.shape)
  pin(stack.data, 'stack')
  const labelList = labelsFor(rows as number, labels)
  const windows = isMissing(times) ? null : yield* timeWindows(times)
  if (windows) requireCount(slices as number, 'matrix of the stack', windows, 'times')
  return new Checked({ stack, labels: labelList, times: windows, metadata: yield* metadataCopy(metadata) })
}
