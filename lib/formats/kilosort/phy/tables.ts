/**
 * The tables of a Phy folder, `cluster_⟨column⟩.tsv`. Every table lists every unit: SpikeInterface drops units that one of them
 * does not have.
 */
import { segmentsForPlan } from '../../../engine/native-lists.js'
import type { PlainFile, Segment } from '../../../engine/plan/byte-segments.js'
import type { ExportWarning } from '../../../engine/warnings.js'
import { named } from '../../../engine/warnings.js'
import { invalidValue } from '../../../errors.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import { ELECTRODE_NAMES, locationSource } from '../../../recording/positions.js'
import type { Steps } from '../../../steps.js'
import { isDue, spend } from '../../../steps.js'
import type { PhyChannels } from './channels.js'

/** Rows are encoded together, up to this many UTF-16 code units or one long row. */
const SEGMENT_LENGTH = 16_384

/** More attributes than any recording has. A name per unit would make a file per unit, and take memory without bounds. */
const MOST_NAMES = 1000

/** The group of units that have none, as Phy calls it. */
const UNSORTED = 'unsorted'

/** The groups of Phy, which it accepts in lower case only. */
const GROUPS: ReadonlySet<string> = new Set(['good', 'mua', 'noise', UNSORTED])

/** The attributes that hold a unit's group, those that come first before the others. */
const GROUP_NAMES = ['group', 'quality', 'KSLabel'] as const

/** The columns whose names are not those of attributes. */
export const COLUMNS: ReadonlySet<string> = new Set(['group', 'si_unit_id', 'electrode', 'channel_group', 'KSLabel'])

/** Files of {@link COLUMNS} that are named otherwise: SpikeInterface's name. */
const FILE_OF: ReadonlyMap<string, string> = new Map([['si_unit_id', 'cluster_si_unit_ids.tsv']])

/**
 * Names that attributes cannot have in a table of their own, in lower case, as some file systems take names in any case for one: those of
 * groups and ids, also SpikeInterface's for the group; columns of Phy's own, which stop it, or would have numbers that a merge does not
 * change; and that of cluster_info.tsv, by which a folder is known in which a person has worked.
 */
const RESERVED: ReadonlySet<string> = new Set([
  ...['group', 'quality', 'kslabel', 'id', 'cluster_id', 'si_unit_id', 'si_unit_ids'],
  ...['amp', 'ch', 'depth', 'fr', 'n_spikes', 'sh', 'similarity', 'is_masked', 'info'],
])

/** The longest file name that all file systems take, in bytes. */
const MAX_NAME_BYTES = 200

export interface PhyTables {
  files: PlainFile[]
  skipped: SkippedAttributes
}

/** The attributes that tables do not hold, or not all values of. */
export interface SkippedAttributes {
  /** Those with values that no cell holds. */
  unsupported: string[]
  /** Those with names that their tables cannot have. */
  invalidNames: string[]
}

/**
 * The tables: the group and the id of each unit, its electrode where all have one, the group of its channel where there are such, its
 * KiloSort label where any has one, and
 * every other attribute that is one number or one text for each unit that has it.
 *
 * @param channels - electrodes, and the group of each unit's channel, where channels have groups
 * @param kept - names of attributes that are elsewhere in the folder
 * @throws RangeError for a label that a reader would not take, naming the unit, and for more than a thousand attributes
 */
export function* phyTables(
  { N, neuronAttributes }: SpikeData,
  ids: BigInt64Array | undefined,
  { electrodes, groups, unitChannels }: Pick<PhyChannels, 'electrodes' | 'groups' | 'unitChannels'>,
  kept: ReadonlySet<string>,
): Steps<PhyTables> {
  const attributes = neuronAttributes ?? []
  const files = [yield* table('group', N, (unit) => groupOf(attributes, unit))]
  // SpikeInterface takes the ids of no units for text, and gives up.
  if (N > 0) files.push(yield* table('si_unit_id', N, (unit) => String(ids?.[unit] ?? unit)))
  if (electrodes) files.push(yield* table('electrode', N, (unit) => electrodeCell(electrodes[unit])))
  if (groups) files.push(yield* table('channel_group', N, (unit) => String(groups[unitChannels[unit] as number] ?? '')))

  const skipped: SkippedAttributes = { unsupported: [], invalidNames: [] }
  const taken = new Set(files.map(({ name }) => name.toLowerCase()))
  for (const [name, { held, some, labels }] of yield* contentsByName(attributes, electrodes)) {
    if (kept.has(name) || (held && !some)) continue
    const file = tableFile(name).toLowerCase()
    if (name === 'KSLabel' && labels) {
      files.push(yield* table(name, N, (unit) => label(attributes, unit, [name])))
      if (!held) skipped.unsupported.push(name)
    } else if (!held) {
      skipped.unsupported.push(name)
    } else if (!mayHaveTable(name) || taken.has(file)) {
      skipped.invalidNames.push(name)
    } else {
      files.push(yield* table(name, N, (unit) => cellOf(attributes[unit]?.[name]) ?? ''))
      taken.add(file)
    }
  }
  return { files, skipped }
}

/** What attributes are not kept; undefined where all are. */
export function attributesSkipped({ unsupported, invalidNames }: SkippedAttributes): ExportWarning | undefined {
  const reasons = [
    ...(unsupported.length > 0 ? [`no table can hold all values of ${named(unsupported)}`] : []),
    ...(invalidNames.length > 0
      ? [`no table can have the names ${named(invalidNames)}, which are Phy's own, another table's, or no names of files`]
      : []),
  ]
  if (reasons.length === 0) return undefined
  return { code: 'SPIKEPORT_PHY_ATTRIBUTES_SKIPPED', message: `Attributes are left out of the Phy folder: ${reasons.join('; ')}.` }
}

/** The file of a column's table. */
export function tableFile(column: string): string {
  return FILE_OF.get(column) ?? `cluster_${column}.tsv`
}

/**
 * The first line of our table with a column. The names of attributes are in quotes, which all readers remove: Python's csv module,
 * pandas and Phy would not write them, so that a table with them is not one that Phy or a script has written.
 */
export function tableHeader(column: string): string {
  return `cluster_id\t${COLUMNS.has(column) ? column : `"${column}"`}\n`
}

/** What a table could hold of an attribute. */
interface Content {
  /** Whether it is a number, or a text, for each unit that has it. */
  held: boolean
  /** Whether there is anything to hold. */
  some: boolean
  /** Of the first value. */
  type: 'number' | 'text'
  /** Whether any of it is a text that may be a label. */
  labels: boolean
}

/** What there is besides the values that other tables hold, by name. */
function* contentsByName(attributes: readonly NeuronAttributes[], electrodes: BigInt64Array | undefined): Steps<Map<string, Content>> {
  const contents = new Map<string, Content>()
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    for (const name of Object.keys(entry)) {
      if (isDue()) yield
      const value = entry[name]
      if (isMissing(value) || isGroup(name, entry) || isPlace(name, entry) || isElectrode(name, value, electrodes?.[unit])) continue
      const type = typeof value === 'string' ? 'text' : 'number'
      const cell = cellOf(value)
      const content = contents.get(name) ?? { held: true, some: false, type, labels: false }
      content.held &&= cell !== undefined && content.type === type
      content.some ||= cell !== ''
      content.labels ||= isText(value)
      contents.set(name, content)
      if (contents.size > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names, as phy is on,`, 'neuronAttributes', name)
    }
  }
  return contents
}

/** Whether the table of groups holds a value. */
function isGroup(name: string, entry: NeuronAttributes): boolean {
  if (name !== 'group' && name !== 'quality') return false
  const source = GROUP_NAMES.find((source) => isText(entry[source]))
  return source !== undefined && entry[name] === entry[source]
}

/** Whether a value is the place of a unit's channel, or is named where that is lost. */
function isPlace(name: string, entry: NeuronAttributes): boolean {
  return (name === 'location' || name === 'position') && locationSource(entry)?.[0] === name
}

/** Whether the table of electrodes holds a value. */
function isElectrode(name: string, value: unknown, electrode: bigint | undefined): boolean {
  if (electrode === undefined || !(ELECTRODE_NAMES as readonly string[]).includes(name)) return false
  return typeof value === 'number' ? Number(electrode) === value : electrode === value
}

function* table(column: string, rowCount: number, cell: (unit: number) => string): Steps<PlainFile> {
  const segments: Segment[] = []
  let text = tableHeader(column)
  for (let unit = 0; unit < rowCount; unit++) {
    const row = `${unit}\t${cell(unit)}\n`
    text += row
    if (text.length >= SEGMENT_LENGTH) {
      segments.push({ segment: 'bytes', bytes: Buffer.from(text) })
      text = ''
    }
    spend(row.length)
    if (isDue()) yield
  }
  segments.push({ segment: 'bytes', bytes: Buffer.from(text) })
  return { name: tableFile(column), segments: yield* segmentsForPlan(segments) }
}

function electrodeCell(electrode: bigint | undefined): string {
  return electrode === -1n ? '' : String(electrode)
}

function groupOf(attributes: readonly NeuronAttributes[], unit: number): string {
  const group = label(attributes, unit, GROUP_NAMES) || UNSORTED
  const lower = group.toLowerCase()
  return GROUPS.has(lower) ? lower : group
}

/** The first of a unit's labels that is there, as a cell; empty without any. */
function label(attributes: readonly NeuronAttributes[], unit: number, names: readonly string[]): string {
  const entry = attributes[unit] ?? {}
  const name = names.find((name) => isText(entry[name]))
  if (name === undefined) return ''
  const text = entry[name] as string
  const fault = faultOf(text)
  if (fault) throw invalidValue(`${fault}, as phy is on,`, `${name} of unit ${unit}`, text)
  return quoted(text)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** A number or text as a cell, empty for NaN; undefined for what no cell holds. */
function cellOf(value: unknown): string | undefined {
  if (isMissing(value)) return ''
  if (typeof value === 'string') return value === '' ? '' : faultOf(value) ? undefined : quoted(value)
  if (typeof value === 'bigint') return isOf64Bits(value) ? String(value) : undefined
  // neo fails on infinities.
  if (typeof value !== 'number' || Math.abs(value) === Infinity) return undefined
  if (Number.isNaN(value)) return ''
  // The digits of a whole number that is not safe are not its own: it is written as a float, which it is.
  const text = Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
  // neo recognises a float by its decimal point.
  return text.replace(/^(-?\d+)e/, '$1.0e')
}

/** Whether a whole number is one of numpy's, with a sign or without. */
function isOf64Bits(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value
}

/** What a text ought to be; undefined where every reader takes it as it is. */
function faultOf(text: string): string | undefined {
  // neo takes anything else for a number.
  if (!/^[A-Za-z]/.test(text)) return 'a label that begins with a letter from A to Z'
  // pandas takes these for no label or a boolean, phylib some of them for numbers.
  if (/^(n\/?a|nan|null|none|inf|infinity|true|false)\s*$/i.test(text)) return 'a label that cannot be taken for another value'
  // Python's csv module refuses NUL, and reads a carriage return as a line feed; UTF-8 has no lone surrogates.
  if (/[\0\r\p{Surrogate}]/u.test(text)) return 'a label of one line of text'
  return undefined
}

/** Quoted as Python's csv module does it. */
function quoted(text: string): string {
  return /["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Whether an attribute of that name may have a table of its own. */
export function mayHaveTable(name: string): boolean {
  if (name === '' || RESERVED.has(name.toLowerCase())) return false
  return !/[\p{Cc}\p{Surrogate}"/\\]/u.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES
}
