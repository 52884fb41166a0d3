/**
 * Compares what a loader keeps on the disk with what it loads into memory.
 */
import assert from 'node:assert/strict'
import type { ExportWarning, SpikeData } from '../../lib/index.js'

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
    const about = ({ N, length, startTime, spikeCount, neuronAttributes, metadata, firstReordered }: SpikeData) => {
      return { N, length, startTime, spikeCount, neuronAttributes, metadata, firstReordered }
    }
    assert.deepEqual(about(sd), about(expected))
    for (const [unit, train] of expected.train.entries()) assert.deepEqual(await sd.loadTrain(unit), train, `unit ${unit}`)
    assert.deepEqual(warnings, expectedWarnings)
  } finally {
    await sd.close()
  }
}
