/**
 * Compares what a loader keeps on the disk with what it loads into memory.
 */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportWarning, SpikeData } from '../../lib/index.js'
import { bytesAt } from './export-bytes.js'
import { EXPORTS } from './exporters.js'

/** Where spikes are kept: with the least memory, so that more than 29,000 of them are merged. */
export const LAZY = { lazy: true, maxMemory: 2 ** 20 } as const

/** Loads again, and throws for what is not the same. */
export async function sameLazily(
  expected: SpikeData,
  expectedWarnings: readonly ExportWarning[],
  load: (lazy: typeof LAZY, onWarning: (warning: ExportWarning) => void) => Promise<SpikeData>,
): Promise<void> {
  const warnings: ExportWarning[] = []
  const sd = await load(LAZY, (warning) => warnings.push(warning))
  try {
    assert.equal(sd.isSpooled, true)
    const names = Object.keys(sd.spikeValues)
    const about = ({ N, length, startTime, spikeCount, neuronAttributes, metadata, firstReordered }: SpikeData) => {
      const attributes = neuronAttributes?.map((entry) =>
        Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name))),
      )
      return { N, length, startTime, spikeCount, attributes, metadata, firstReordered }
    }
    assert.deepEqual(about(sd), about(expected))
    for (const [unit, train] of expected.train.entries()) {
      assert.deepEqual(await sd.loadTrain(unit), train, `unit ${unit}`)
      for (const name of names) {
        const values = await sd.loadSpikeValues(name, unit)
        const given = expected.neuronAttributes?.[unit]?.[name]
        assert.deepEqual(values, given ?? values.slice(0, 0), `${name} of unit ${unit}`)
        assert.equal(values.length, train.length)
      }
    }
    assert.deepEqual(warnings, expectedWarnings)
  } finally {
    await sd.close()
  }
}

/** Checks that every exporter writes of spikes on the disk what it writes of the same spikes in memory. */
export async function sameExports(
  inMemory: SpikeData,
  onDisk: SpikeData,
  folder: string,
  exporters: typeof EXPORTS = EXPORTS,
): Promise<void> {
  for (const [name, write] of exporters) {
    const target = join(folder, name)
    await write(inMemory, target)
    const expected = bytesAt(target)
    await write(onDisk, target)
    for (const [file, bytes] of Object.entries(bytesAt(target))) assert.ok(bytes === expected[file], `${name}${file}`)
    rmSync(target, { recursive: true, force: true })
  }
}
