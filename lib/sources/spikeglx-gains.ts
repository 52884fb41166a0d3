/**
 * The volts of a count of Neuropixels probes, as SpikeGLX states them: by a table of all channels, one number for all, or the type of probe.
 */
import type { Meta, MetaTable } from './spikeglx-meta.js'

/** The keys that are read here. */
export const PROBE_KEYS = ['imAiRangeMax', 'imMaxInt', 'imDatPrb_type', 'imChan0apGain', 'imChan0lfGain', '~imroTbl'] as const

/** The bands of a probe, in the order of their columns. */
export type Band = 'ap' | 'lf'

/** Rows for each channel of probes 1.0: channel, bank, reference, the two gains, and filter, which phase 3A lacks. */
const ROW_FIELDS = 6
const ROW_FIELDS_3A = 5
const GAIN_FIELDS: Readonly<Record<Band, number>> = { ap: 3, lf: 4 }
/** Phase 3A begins with serial number, option and number of channels; others with type, or part number, and number of channels. */
const HEADER_FIELDS_3A = 3
/** The header of NP1110 has the gains of all its channels, in the same places; its rows are of groups of electrodes. */
const HEADER_FIELDS_NP1110 = 6

/** Gains that cannot be set, and the largest count where the file does not state it: no file of the later types lacks it. */
const FIXED: readonly { readonly types: readonly string[]; readonly gain: number; readonly maxInt?: number }[] = [
  { types: ['21', '24'], gain: 80, maxInt: 8192 },
  { types: ['2003', '2004', '2013', '2014', '2020', '2021'], gain: 100 },
]
/** Of probes with 10 bits. */
const MAX_INT_1_0 = 512

/**
 * What computes the volts of a count of a channel of a band.
 *
 * @throws FormatError for values that are missing or make no sense
 */
export function probeVolts(meta: Meta): (band: Band, channel: number) => number {
  const { header, rows } = meta.table('~imroTbl') ?? { header: [], rows: [] }
  const range = meta.positive('imAiRangeMax')
  if (header.length === HEADER_FIELDS_NP1110) {
    const maxInt = meta.positive('imMaxInt', MAX_INT_1_0)
    return (band) => range / maxInt / meta.positiveFrom(header[GAIN_FIELDS[band]] as string, '~imroTbl')
  }
  const fields = header.length === HEADER_FIELDS_3A ? ROW_FIELDS_3A : ROW_FIELDS
  // Rows of probes 2.0 have at most five fields, and no gains.
  if (rows[0]?.split(' ').length === fields) {
    const maxInt = meta.positive('imMaxInt', MAX_INT_1_0)
    const gains = channelGains(meta, rows, fields)
    return (band, channel) => {
      const row = gains.get(channel)
      if (!row) throw meta.error('~imroTbl', `it has no row of channel ${channel}`)
      return range / maxInt / meta.positiveFrom(row[GAIN_FIELDS[band]] as string, '~imroTbl')
    }
  }
  const type = meta.text('imDatPrb_type') ?? header[0] ?? ''
  const fixed = FIXED.find(({ types }) => types.includes(type))
  const maxInt = meta.positive('imMaxInt', fixed?.maxInt)
  return (band) => range / maxInt / commonGain(meta, band, type, fixed?.gain)
}

/** The rows of a table by channel, of which a file may have only some. */
function channelGains(meta: Meta, rows: MetaTable['rows'], length: number): Map<number, readonly string[]> {
  const gains = new Map<number, readonly string[]>()
  for (const row of rows) {
    const fields = row.split(' ')
    const channel = Number(fields[0])
    if (fields.length !== length || !Number.isSafeInteger(channel)) {
      throw meta.error('~imroTbl', `expected rows of ${length} numbers but found '${row}'`)
    }
    gains.set(channel, fields)
  }
  return gains
}

/** The gain of all channels. The slow band of probes 2.0 is made from the other, offline, and has its gain. */
function commonGain(meta: Meta, band: Band, type: string, fixed: number | undefined): number {
  if (band === 'lf' && meta.has('imChan0lfGain')) return meta.positive('imChan0lfGain')
  if (!meta.has('imChan0apGain') && fixed === undefined) {
    throw meta.error('imChan0apGain', `it is missing, and the gain of probe type '${type}' is not known`)
  }
  return meta.positive('imChan0apGain', fixed)
}
