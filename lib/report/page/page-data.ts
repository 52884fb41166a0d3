/**
 * What a report's page holds besides its program: the contract between the writer and the page. Bulk numbers are in parts of their own, each
 * a little-endian array that is deflated (zlib) and in base64.
 */

/** Bins of one unit's histogram. */
export interface PageBins {
  readonly binMs: number
  readonly bins: number
}

/** The part with this name is a list of numbers of spikes, unit by unit, each the difference to the one before it, as LEB128. */
export interface PageSpikes {
  readonly kind: 'spikes'
  /** What one is, in ms: times are rounded to it. */
  readonly resolutionMs: number
}

/** The part has a bit for each bin of each unit: whether it has a spike. Rows of whole bytes, lowest bit first. */
export interface PageOccupancy extends PageBins {
  readonly kind: 'occupancy'
}

export interface PageInfo {
  readonly title: string
  /** The name of the input. */
  readonly source: string
  readonly format: string
  readonly version: string
  readonly units: number
  readonly spikes: number
  /** The window of the recording. */
  readonly startMs: number
  readonly lengthMs: number
  readonly refractoryMs: number
  readonly raster: PageSpikes | PageOccupancy
  readonly rates: PageBins
  readonly isi: PageBins
  readonly lags: PageBins
  /** The names of the attributes in each row. */
  readonly columns: readonly string[]
  /** How many more attributes there are. */
  readonly columnsLeftOut: number
  /** Whether there are positions in the part `positions`: x and y of each unit, NaN where it has none. */
  readonly hasPositions: boolean
}

/** The attributes of one unit, in the order of the columns; null for none. */
export type PageRow = readonly (string | number | null)[]

/** The names of the parts with bulk numbers, and what each is an array of. */
export const PARTS = {
  /** Of each unit. */
  spikeCounts: Float64Array,
  violations: Float64Array,
  /** Histograms, units × bins. */
  rates: Uint32Array,
  isi: Uint32Array,
  lags: Uint32Array,
  raster: Uint8Array,
  positions: Float64Array,
} as const

export type PartName = keyof typeof PARTS

/** The ids of the elements that hold the data. */
export const INFO_ID = 'info'
export const ROWS_ID = 'rows'
export const partId = (name: PartName) => `part-${name}`
