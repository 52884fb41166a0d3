/**
 * Recordings at random that are exported and loaded again, in every variant of every format that is read: each cell of the tables of docs/round-trips.md
 * is checked, and at least once.
 */
import t from 'tap'
import type { SpikeData } from '../../lib/index.js'
import { fc } from '../support/property.js'
import { columnOf, LOADABLE, RoundTrips, TABLES } from '../support/round-trip-checks.js'
import type { Made } from '../support/round-trip-recordings.js'
import { ATTRIBUTES, LOCATED, METADATA, recordings } from '../support/round-trip-recordings.js'

const { options, parts, units, metadata } = TABLES
const ADDED = 'added by loading'

/** The rows of attributes by their names. */
const ROWS = Object.fromEntries(Object.entries<{ name: string }>({ ...LOCATED, ...ATTRIBUTES }).map(([row, { name }]) => [name, row]))

t.test('the tables have a column for each variant, and a row for each part', async (t) => {
  const columns = new Set(LOADABLE.map(columnOf))
  for (const table of [parts, units, metadata]) t.strictSame(new Set(table.columns), columns)
  t.strictSame(new Set(options.rows.keys()), columns)
  t.strictSame([...units.rows.keys()], [...Object.values(ROWS), ADDED])
  t.strictSame([...metadata.rows.keys()], Object.keys(METADATA))
})

for (const variant of LOADABLE) {
  t.test(`${variant.name} holds what its column says`, async (t) => {
    const dir = t.testdir()
    const trips = new RoundTrips(variant, dir)
    const refused = Object.keys(METADATA).filter((row) => trips.cell(metadata, row) === 'refused')

    const check = async (made: Made, unit: string) => {
      const { sd } = made
      const loaded = await trips.make(made, unit)
      trips.checkAttributes(loaded, sd, rowsOf(sd, trips.kept(sd)))
      for (const [row, { name }] of Object.entries(METADATA)) trips.checkMetadata(loaded, sd, name, row)
    }

    const wanted = {
      earliest: trips.cell(parts, 'start') === '0' ? 0 : -1e4,
      // A raster of spikes has at least one bin.
      least: variant.name === 'raster' ? 1e-3 : 0,
      without: refused,
    }
    const given = recordings(wanted)
    await fc.assert(fc.asyncProperty(given, fc.constantFrom(...trips.units), check))

    // Those that the property need not have come to.
    const rows = [
      ...[...parts.rows.keys(), ...units.rows.keys(), ...metadata.rows.keys()].filter((row) => !refused.includes(row)),
      ...trips.units.map((unit) => `spike times in ${unit}`),
    ]
    const left = () => rows.filter((row) => !trips.checked.has(row))
    for (let seed = 1; seed <= 300 && left().length > 0; seed++) {
      for (const made of fc.sample(given, { seed, numRuns: 1 })) await check(made, trips.units[seed % trips.units.length] as string)
    }
    t.strictSame(left(), [], 'every cell is checked')

    for (const row of refused) {
      const [made] = fc.sample(recordings({ ...wanted, without: [], with: row }), 1)
      await t.rejects(variant.write((made as Made).sd, `${dir}/refused`), TypeError, row)
    }
  })
}

/** The rows of this recording's attributes: arrays of any length may be of one length by chance. */
function rowsOf({ neuronAttributes }: SpikeData, kept: readonly number[]): typeof ROWS {
  const lengths = new Set(kept.map((unit) => (neuronAttributes?.[unit]?.['ragged'] as { length: number } | undefined)?.length))
  return lengths.size > 1 ? ROWS : { ...ROWS, ragged: 'typed arrays of one length' }
}
