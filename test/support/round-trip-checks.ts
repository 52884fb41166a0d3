/**
 * Exports a recording, loads it again, and checks the result against the tables of docs/round-trips.md.
 */
import { rmSync } from 'node:fs'
import { inspect, isDeepStrictEqual } from 'node:util'
import { runInNewContext } from 'node:vm'
import type { FormatVariant } from '../../lib/formats/registry.js'
import { VARIANTS } from '../../lib/formats/registry.js'
import type { SpikeData, TimeUnit } from '../../lib/index.js'
import {
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  loadSpikeDataFromPickle,
  loadWorkspaceItem,
  pyTuple,
} from '../../lib/index.js'
import { spacing } from '../../lib/recording/loaded-spikes.js'
import { rasterBins } from '../../lib/recording/windows.js'
import { tableOf } from './markdown-tables.js'
import type { Made } from './round-trip-recordings.js'
import { AFTER } from './time-units.js'

const GUIDE = 'round-trips.md'
const OPTIONS = tableOf(GUIDE, 'Options')
const PARTS = tableOf(GUIDE, 'Spikes, window and raw data')
const UNITS = tableOf(GUIDE, 'Attributes of units')
const WHOLE = tableOf(GUIDE, 'Metadata')

/** The tables of the guide. */
export const TABLES = { options: OPTIONS, parts: PARTS, units: UNITS, metadata: WHOLE } as const

type Load = (path: string, options: object) => Promise<unknown>

const LOADERS: Readonly<Record<string, Load>> = {
  hdf5: loadSpikeDataFromHdf5,
  nwb: loadSpikeDataFromNwb,
  kilosort: loadSpikeDataFromKilosort,
  pickle: loadSpikeDataFromPickle,
  workspace: (path, options) => loadWorkspaceItem(path, 'recording', 'spikes', options),
}

/** The variants that can be loaded again. */
export const LOADABLE = VARIANTS.filter(({ format }) => Object.hasOwn(LOADERS, format.name))

/** The options that choose the unit of spike times. */
const UNIT_OPTIONS: Readonly<Record<string, string>> = {
  ragged: 'spikeTimesUnit',
  paired: 'timesUnit',
  group: 'groupTimeUnit',
  kilosort: 'timeUnit',
}

/** The width of a bin of the registry's rasters, in ms. */
const BIN_MS = 20

const Tuple = pyTuple().constructor as new () => { items: readonly unknown[] }

/** What a cell says that a value is afterwards, given those of all units: undefined where there is none. */
const AFTERWARDS: Readonly<Record<string, (value: unknown, all: readonly unknown[]) => unknown>> = {
  '✓': (value) => value,
  '–': () => undefined,
  typed: (value) => Float64Array.from(value as number[]),
  int64: (value) => BigInt64Array.from(value as number[], BigInt),
  '0': () => 0,
  '0 or 1': (value, all) => (all.includes(undefined) ? Number(value) : value),
  list: (value) => (value instanceof Tuple ? [...value.items] : value),
}

/** The column of a variant: its own, or that of its format. */
export function columnOf({ name, format }: FormatVariant): string {
  return PARTS.columns.includes(name) ? name : format.name
}

/** The round trips of a variant. */
export class RoundTrips {
  /** The rows that were checked with a value; of spike times also each unit. */
  readonly checked = new Set<string>()
  /** The units that its spike times can be in; `bins` for rasters. */
  readonly units: readonly string[]
  readonly #variant: FormatVariant
  readonly #folder: string
  #files = 0

  constructor(variant: FormatVariant, folder: string) {
    this.#variant = variant
    this.#folder = folder
    this.units = this.cell(PARTS, 'spike times').split(', ')
  }

  /** What a table says of a row. */
  cell(table: typeof PARTS, row: string): string {
    const text = table.rows.get(row)?.get(columnOf(this.#variant))
    if (text === undefined) throw new Error(`docs/${GUIDE} has no row '${row}'.`)
    return text
  }

  /**
   * Exports and loads a recording, and checks its spikes, window and raw data.
   *
   * @returns what was loaded
   */
  async make({ sd, rawTime, fsHz }: Made, unit: string): Promise<SpikeData> {
    const path = `${this.#folder}/${this.#files++}`
    const options = (name: string) =>
      runInNewContext(`(${OPTIONS.rows.get(columnOf(this.#variant))?.get(name)})`, { sd, fsHz }) as Record<string, unknown>
    const unitOption = UNIT_OPTIONS[this.#variant.name]
    const time = unitOption === undefined ? {} : { [unitOption]: unit, ...(unit === 'samples' && { fsHz }) }
    const raw = (name: string) => (rawTime === 'none' ? {} : options(`raw data ${name}`))
    await this.#variant.write(sd, path, { ...options('exported with'), ...raw('exported with'), ...time })
    const load = LOADERS[this.#variant.format.name] as Load
    const loaded = (await load(path, { ...options('loaded with'), ...raw('loaded with'), ...time, onWarning() {} })) as SpikeData
    rmSync(path, { recursive: true, force: true })
    this.#checkWindow(loaded, sd, unit, fsHz)
    this.#checkTrains(loaded, sd, unit, fsHz)
    this.#checkRaw(loaded, sd, rawTime)
    return loaded
  }

  /** The numbers of the units that come back. */
  kept({ train }: SpikeData): number[] {
    const all = [...train.keys()]
    return this.cell(PARTS, 'units without spikes') === '✓' ? all : all.filter((unit) => (train[unit] as Float64Array).length > 0)
  }

  /**
   * Checks the attributes of units.
   *
   * @param rows - the row of each attribute, by its name
   */
  checkAttributes(loaded: SpikeData, sd: SpikeData, rows: Readonly<Record<string, string>>): void {
    const kept = this.kept(sd)
    for (const [name, row] of Object.entries(rows)) {
      const given = kept.map((unit) => sd.neuronAttributes?.[unit]?.[name])
      if (given.every((value) => value === undefined)) continue
      const after = AFTERWARDS[this.cell(UNITS, row)]
      for (const [place, value] of given.entries()) {
        this.same(row, loaded.neuronAttributes?.[place]?.[name], value === undefined ? undefined : after?.(value, given))
      }
    }
    if (kept.length === 0) return
    const names = loaded.neuronAttributes?.flatMap((attributes) => Object.keys(attributes).filter((name) => !Object.hasOwn(rows, name)))
    const added = [...new Set(names)].join(', ')
    this.same('added by loading', added === '' ? '–' : added, this.cell(UNITS, 'added by loading'))
  }

  /** Checks an entry of the metadata. */
  checkMetadata(loaded: SpikeData, sd: SpikeData, name: string, row: string): void {
    const given = sd.metadata[name]
    if (given !== undefined) this.same(row, loaded.metadata[name], AFTERWARDS[this.cell(WHOLE, row)]?.(given, []))
  }

  /** Compares a value of a row. */
  same(row: string, found: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(found, expected)) throw new Error(`${row}: ${inspect(found)}, not ${inspect(expected)}`)
    this.checked.add(row)
  }

  #checkWindow(loaded: SpikeData, sd: SpikeData, unit: string, fsHz: number): void {
    const kept = this.kept(sd)
    if (loaded.N !== kept.length) throw new Error(`units without spikes: ${loaded.N} units, not ${kept.length}`)
    const startInSeconds = AFTER.s(sd.startTime, fsHz)
    const last = Math.max(...kept.flatMap((i) => sd.train[i]?.at(-1) ?? []).map((ms) => AFTER[unit as TimeUnit]?.(ms, fsHz)))
    const width = BIN_MS * rasterBins(sd.length, BIN_MS)
    const windows: Record<string, [start: number, length: number]> = {
      ms: [sd.startTime, sd.length],
      s: [startInSeconds, AFTER.s(sd.startTime + sd.length, fsHz) - startInSeconds],
      '0': [0, 0],
      bins: [sd.startTime, Math.max(width - spacing(width), 0)],
      'last spike': [0, last === -Infinity ? 0 : last + spacing(last)],
    }
    if (sd.N === 0)
      return this.same('window without units', [loaded.startTime, loaded.length], windows[this.cell(PARTS, 'window without units')])
    this.same('start', loaded.startTime, windows[this.cell(PARTS, 'start')]?.[0])
    this.same('length', loaded.length, windows[this.cell(PARTS, 'length')]?.[1])
  }

  #checkTrains(loaded: SpikeData, sd: SpikeData, unit: string, fsHz: number): void {
    if (sd.train.some(({ length }) => length === 0)) this.checked.add('units without spikes')
    if (sd.spikeCount === 0) return
    if (unit === 'bins') {
      this.same('spike times', loaded.raster(BIN_MS), sd.raster(BIN_MS))
    } else {
      const [first, latest] = [loaded.startTime, loaded.startTime + loaded.length]
      const after = (ms: number) => Math.min(Math.max(AFTER[unit as TimeUnit](ms, fsHz), first), latest)
      for (const [place, i] of this.kept(sd).entries()) this.same('spike times', loaded.train[place], sd.train[i]?.map(after))
    }
    this.checked.add(`spike times in ${unit}`)
  }

  #checkRaw(loaded: SpikeData, sd: SpikeData, rawTime: Made['rawTime']): void {
    if (rawTime === 'none') return
    const row = rawTime === 'rate' ? 'raw times as a rate' : 'raw times, one for each sample'
    const how = this.cell(PARTS, row)
    if (this.cell(PARTS, 'raw data') === '–') {
      this.same('raw data', loaded.rawData.size, 0)
      return this.same(row, how, '–')
    }
    this.same('raw data', loaded.rawData, sd.rawData)
    this.same(row, loaded.rawTimeRateKHz, how === 'rate' ? sd.rawTimeRateKHz : null)
    const inSeconds = () => Float64Array.from(Array.from<number | bigint, number>(sd.rawTime, Number), (ms) => AFTER.s(ms, 0))
    this.same(row, loaded.rawTime, how === 's' ? inSeconds() : sd.rawTime)
  }
}
