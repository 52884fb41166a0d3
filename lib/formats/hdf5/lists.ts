/**
 * Lists of numbers in files: datasets of one axis, and the vectors and empty arrays of MATLAB.
 *
 * MATLAB's arrays have two axes or more, and are stored with the order of the axes reversed: a row of N becomes N × 1. Those of its v7.3
 * files have the attribute `MATLAB_class`. An empty one is stored as a list of its axes, with the attribute `MATLAB_empty`.
 */

import type { Hdf5Dataset, Hdf5Group } from '../../engine/reading/hdf5-description.js'
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import { sizeOf } from '../../memory/ndarray.js'

/** The groups of a MATLAB file that hold the cells and objects of variables. */
export const MATLAB_GROUPS: ReadonlySet<string> = new Set(['#refs#', '#subsystem#'])

/**
 * The list of numbers at a path: of one axis, or of several of which only one is longer than 1, by any program.
 *
 * @param known - what is known to be at some paths
 * @returns the dataset; of an empty array of MATLAB, one without elements
 * @throws FormatError for anything else
 */
export async function list(
  file: Hdf5File,
  path: string,
  signal: AbortSignal | undefined,
  known: readonly (Hdf5Group | Hdf5Dataset | undefined)[] = [],
): Promise<Hdf5Dataset> {
  const found = known.find((object) => object?.path === path)
  const dataset = found?.kind === 'dataset' ? found : await file.dataset(path, signal)
  if (dataset.problem === undefined && !isVector(dataset)) throw file.error('it is no list: it does not have one axis', path)
  return isEmptyInMatlab(dataset) ? { ...dataset, shape: [0] } : dataset
}

/** How many numbers a list has. */
export function countOf(dataset: Hdf5Dataset): number {
  return isEmptyInMatlab(dataset) ? 0 : sizeOf(dataset.shape)
}

/** Whether a dataset is a list by itself, where nothing says that one is meant: two axes are one only in a file of MATLAB. */
export function isList(dataset: Hdf5Dataset): boolean {
  const matlabClass = dataset.attributes.get('MATLAB_class')
  if (matlabClass === undefined) return dataset.shape.length === 1
  // Texts are numbers of characters.
  return matlabClass !== 'char' && isVector(dataset)
}

/** Whether a dataset has one axis, or no axis but one is longer than 1. */
export function isVector({ shape }: Hdf5Dataset): boolean {
  return shape.length > 0 && (shape.includes(0) || shape.filter((axis) => axis !== 1).length <= 1)
}

function isEmptyInMatlab({ attributes }: Hdf5Dataset): boolean {
  return Boolean(numberIn(attributes.get('MATLAB_empty')))
}
