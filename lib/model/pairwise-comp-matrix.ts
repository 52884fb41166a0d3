import { invalidType, invalidValue } from '../errors.js'
import { pin } from '../memory/buffers.js'
import type { NDArray } from '../memory/ndarray.js'
import { isNDArray } from '../memory/ndarray.js'
import type { OptionNames } from '../options/checks.js'
import { optionsFrom } from '../options/checks.js'
import type { Metadata, PlainObject } from '../recording/attributes.js'
import { labelsFor, metadataCopy } from '../recording/attributes.js'
import { atOnce } from '../steps.js'

/** Options of {@link PairwiseCompMatrix}. */
export interface PairwiseCompMatrixOptions {
  /** A label of any kind for each row and column. */
  labels?: readonly unknown[] | null | undefined
  /** Anything else about the matrix. */
  metadata?: PlainObject | null | undefined
}

const OPTIONS: OptionNames<PairwiseCompMatrixOptions> = { labels: true, metadata: true }

/** Checks the brand of a {@link PairwiseCompMatrix}, a private field: rejects proxies and look-alikes. */
export let isPairwiseCompMatrix: (value: unknown) => value is PairwiseCompMatrix

/** A comparison of every unit with every other, such as correlations: n × n, SpikeLab's `PairwiseCompMatrix`. Frozen. */
export class PairwiseCompMatrix {
  /** The comparisons, n × n. */
  readonly matrix: NDArray
  /** A label for each row and column, or null. */
  readonly labels: readonly unknown[] | null
  /** Anything else about the matrix. */
  readonly metadata: Metadata

  readonly #brand = true
  static {
    isPairwiseCompMatrix = (value): value is PairwiseCompMatrix => #brand in Object(value)
  }

  /**
   * Creates a matrix. The numbers stay in the caller's array.
   *
   * @param matrix - the comparisons, n × n, of any numeric dtype; not copied
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, a matrix that is not n × n, is on a buffer that native code cannot rely on (shared,
   *   resizable, frozen, memory of WebAssembly) or was transferred, and for labels of the wrong number
   */
  constructor(matrix: NDArray, options?: PairwiseCompMatrixOptions) {
    const { labels, metadata } = optionsFrom(options, OPTIONS)
    if (!isNDArray(matrix)) throw invalidType('an NDArray', 'matrix', matrix)
    const [rows, columns] = matrix.shape
    if (matrix.shape.length !== 2 || rows !== columns) throw invalidValue('n × n', 'matrix.shape', matrix.shape)
    pin(matrix.data, 'matrix')
    this.matrix = matrix
    this.labels = labelsFor(rows as number, labels)
    this.metadata = atOnce(metadataCopy(metadata))
    Object.freeze(this)
  }
}
