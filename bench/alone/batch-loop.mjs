/**
 * What a batch is measured against: a loop over the library, in the folder of the batch.
 *
 *     node batch-loop.mjs FS_HZ
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, loadSpikeData } from '../../dist/index.js'

const fsHz = Number(process.argv[2])
mkdirSync('loop')
for (const file of readdirSync('recordings')) {
  const sd = await loadSpikeData(`recordings/${file}`)
  await exportSpikeDataToNwb(sd, `loop/${file}.nwb`, { fsHz, nwb: { sessionStartTime: '2026-03-01T14:05:00Z' } })
  await exportSpikeDataToKilosort(sd, `loop/${file}.phy`, { fsHz, phy: true })
}
