/**
 * From the values of an attribute to the data of its column.
 */
import type { TableColumn } from './table.js'

/** The values that one attribute has, with the units that have them, ascending. */
export interface AttributeValues {
  name: string
  units: number[]
  values: unknown[]
}

/** The data of a column. */
export type ColumnValues = Pick<TableColumn, 'values' | 'index' | 'outerIndex'>

/** The data of a column, with a note for who reads it. */
export type HeldData = ColumnValues & { note?: string }

/** What becomes of an attribute: data; none as there is nothing to hold; or null as no column can hold it. */
export type ColumnData = HeldData | 'empty' | null
