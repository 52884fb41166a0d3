/**
 * The column of a list of values, of the kind that the first value is.
 */
import type { Steps } from '../../steps.js'
import { arrayColumn } from './array-column.js'
import type { AttributeValues, ColumnData } from './column-data.js'
import { booleanColumn, numberColumn, textColumn } from './scalar-columns.js'
import { areTextLists, textListColumn } from './text-list-column.js'

/**
 * Numbers, booleans, texts, arrays of numbers, or lists of texts.
 *
 * @param rowCount - how many rows the table has, with values or without
 * @throws RangeError for an array whose buffer was transferred, naming attribute and unit
 */
export function* valueColumn(attribute: AttributeValues, rowCount: number): Steps<ColumnData> {
  switch (typeof attribute.values[0]) {
    case 'number':
    case 'bigint':
      return yield* numberColumn(attribute, rowCount)
    case 'boolean':
      return yield* booleanColumn(attribute, rowCount)
    case 'string':
      return yield* textColumn(attribute, rowCount)
    default:
      return (yield* areTextLists(attribute.values)) ? yield* textListColumn(attribute, rowCount) : yield* arrayColumn(attribute, rowCount)
  }
}
