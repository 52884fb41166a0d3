/**
 * Which attributes the units of a recording have, without reading all of their columns.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5Child, Hdf5File } from '../../../engine/reading/hdf5-file.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue, listInSteps } from '../../../steps.js'
import { anyValue } from '../../hdf5/any-value.js'
import type { IsMissing } from './attributes.js'
import { isReadable, missingRows } from './attributes.js'
import { BATCH } from './walk.js'

/** More columns are not looked at, and each is known by its name alone. */
const MOST_COLUMNS = 1000

/**
 * The names of the attributes that units get: of those with a value.
 *
 * @param path - of the group of attributes
 * @returns `unknown`: those of `names` of which more would have to be read to know whether any unit has one
 */
export async function attributeNames(
  file: Hdf5File,
  path: string,
  unitCount: number,
  signal: AbortSignal | undefined,
): Promise<{ names: string[]; unknown: string[] }> {
  if (unitCount === 0) return { names: [], unknown: [] }
  const children = await file.children(path, signal)
  const all = await inSlices(
    listInSteps(children.length, (i) => (children[i] as Hdf5Child).name),
    signal,
  )
  if (all.length > MOST_COLUMNS) return { names: all, unknown: all }
  const [names, unknown]: [string[], string[]] = [[], []]
  for (let from = 0; from < all.length; from += BATCH) {
    const batch = all.slice(from, from + BATCH)
    const found = await file.describeAll(
      batch.map((name) => `${path}/${name}`),
      signal,
    )
    for (const [i, name] of batch.entries()) {
      const column = found[i]
      const isThere = column?.kind === 'dataset' && (await hasValue(file, column, unitCount, signal))
      if (isThere !== false) names.push(name)
      if (isThere === undefined) unknown.push(name)
    }
  }
  return { names, unknown }
}

/** Whether any unit has a value of a column. */
async function hasValue(
  file: Hdf5File,
  column: Hdf5Dataset,
  unitCount: number,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const { shape, type } = column
  if (!isReadable(column)) return false
  const isSingle = shape.length === 1
  const areNumbers = type.kind !== 'text' && type.kind !== 'boolean'
  const isMissing = isSingle && areNumbers ? undefined : missingRows(column)
  if (isMissing && (await inSlices(areAll(unitCount, isMissing), signal))) return false
  // An array that is not listed as missing is a value, and so is a list of texts.
  const isValue = !isSingle && (isMissing !== undefined || !areNumbers)
  return isValue || anyValue(file, column, signal)
}

function* areAll(unitCount: number, isMissing: IsMissing): Steps<boolean> {
  for (let unit = 0; unit < unitCount; unit++) {
    if (!isMissing(unit)) return false
    if (isDue()) yield
  }
  return true
}
