/**
 * The tables of a Phy folder, `cluster_⟨column⟩.tsv`. Every table lists every unit: SpikeInterface drops units that one of them
 * does not have.
 */
import { invalidValue } from '../errors.js'
import type { NeuronAttributes } from '../model/attributes.js'
import type { SpikeData } from '../model/spike-data.js'
import type { PlainFile, Segment } from '../plan/byte-segments.js'
import type { Steps } from '../steps.js'

/** How many rows one step makes: a fraction of a millisecond. */
const STEP_ROWS = 1024

/** The group of units that have none, as Phy calls it. */
const UNSORTED = 'unsorted'

/**
 * The tables: the group and the id of each unit, its electrode where all have one, its KiloSort label where any has one.
 *
 * @throws RangeError for a label that a reader would not take, naming the unit
 */
export function* phyTables(
  { N, neuronAttributes }: SpikeData,
  ids: BigInt64Array | undefined,
  electrodes: BigInt64Array | undefined,
): Steps<PlainFile[]> {
  const attributes = neuronAttributes ?? []
  const groupOf = (unit: number) => label(attributes, unit, ['group', 'quality', 'KSLabel']) || UNSORTED
  const tables = [yield* table('cluster_group.tsv', 'group', N, groupOf)]
  // SpikeInterface takes the ids of no units for text, and gives up.
  if (N > 0) tables.push(yield* table('cluster_si_unit_ids.tsv', 'si_unit_id', N, (unit) => String(ids?.[unit] ?? unit)))
  if (electrodes) tables.push(yield* table('cluster_electrode.tsv', 'electrode', N, (unit) => String(electrodes[unit])))
  if (yield* someHasLabel(attributes)) {
    tables.push(yield* table('cluster_KSLabel.tsv', 'KSLabel', N, (unit) => label(attributes, unit, ['KSLabel'])))
  }
  return tables
}

function* someHasLabel(attributes: readonly NeuronAttributes[]): Steps<boolean> {
  for (const [unit, { KSLabel }] of attributes.entries()) {
    if (typeof KSLabel === 'string') return true
    if (unit % STEP_ROWS === 0) yield
  }
  return false
}

function* table(name: string, column: string, rowCount: number, cell: (unit: number) => string): Steps<PlainFile> {
  const segments: Segment[] = []
  let text = `cluster_id\t${column}\n`
  for (let unit = 0; unit < rowCount; unit++) {
    text += `${unit}\t${cell(unit)}\n`
    if (unit % STEP_ROWS !== STEP_ROWS - 1) continue
    segments.push({ segment: 'bytes', bytes: Buffer.from(text) })
    text = ''
    yield
  }
  segments.push({ segment: 'bytes', bytes: Buffer.from(text) })
  return { name, segments }
}

/** The first of a unit's labels that is there, as a cell; empty without any. */
function label(attributes: readonly NeuronAttributes[], unit: number, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[unit]?.[name]
    if (typeof value === 'string' && value !== '') return cellOf(value, `${name} of unit ${unit}`)
  }
  return ''
}

/** Text as a cell of a table, quoted as Python's csv module does it. */
function cellOf(text: string, name: string): string {
  // neo takes anything else for a number.
  if (!/^[A-Za-z]/.test(text)) throw invalidValue('a label that begins with a letter from A to Z, as phy is on,', name, text)
  // pandas takes these for no label or a boolean, phylib some of them for numbers.
  if (/^(n\/?a|nan|null|none|inf|infinity|true|false)\s*$/i.test(text)) {
    throw invalidValue('a label that cannot be taken for another value, as phy is on,', name, text)
  }
  // Python's csv module refuses NUL, and reads a carriage return as a line feed; UTF-8 has no lone surrogates.
  if (/[\0\r\p{Surrogate}]/u.test(text)) throw invalidValue('a label of one line of text, as phy is on,', name, text)
  return /["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
