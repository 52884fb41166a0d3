/**
 * A process that does nothing but one call on what is larger than memory, for larger.mjs, and prints what it took as JSON:
 *
 *     node bench/alone/larger-process.mjs '{ "call": "raw", "channels": 384, "input": "x.dat", "output": "x.nwb", "size": 1e9 }'
 */
import { execFile } from 'node:child_process'
import { closeSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, loadSpikeData, rawFile, SpikeData } from 'spikeport'
import { measure } from '../measure.mjs'
import { BusyLoop } from './busy-loop.mjs'

const UNITS = 500
const FS_HZ = 30000
const BATCH = 2 ** 16
const BLOCK_BYTES = 4 * 2 ** 20
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

const { call, channels, size, input, output, watched } = JSON.parse(process.argv[2])

/** Spikes in order of time, as a sorter has them, of units that take turns. */
function* batches() {
  const units = Uint16Array.from({ length: BATCH }, (_, i) => (i * 7919) % UNITS)
  const times = new Float64Array(BATCH)
  for (let from = 0; from < size; from += BATCH) {
    const count = Math.min(BATCH, size - from)
    for (let i = 0; i < count; i++) times[i] = (from + i) / 10
    yield { units: units.subarray(0, count), times: times.subarray(0, count) }
  }
}

async function raw(options) {
  const rawData = await rawFile(input, { dtype: 'int16', channels })
  const sd = new SpikeData([], { length: 0, rawData, rawTime: FS_HZ / 1000 })
  await exportSpikeDataToNwb(sd, output, { nwb, rawData: { conversion: 2.34e-6 }, ...options })
}

/** @type {Record<string, () => Promise<unknown>>} */
const CALLS = {
  raw: () => raw({ layout: 'contiguous' }),
  'raw-compressed': () => raw({ compression: { level: 1 } }),
  async batches() {
    const sd = await SpikeData.fromBatches(batches(), { N: UNITS, length: size, spoolFolder: dirname(output) })
    await exportSpikeDataToNwb(sd, output, { nwb })
    await sd.close()
  },
  async phy() {
    const sd = await loadSpikeData(input, { lazy: true, spoolFolder: dirname(output), onWarning() {} })
    await exportSpikeDataToNwb(sd, output, { nwb })
    await sd.close()
  },
  async 'make-phy'() {
    const sd = await SpikeData.fromBatches(batches(), { N: UNITS, length: size, spoolFolder: dirname(output) })
    await exportSpikeDataToKilosort(sd, output, { fsHz: FS_HZ, phy: true })
    await sd.close()
  },
  cp: () => promisify(execFile)('cp', ['--reflink=never', input, output]),
  // What spikes take on the disk, once in and once out.
  async pass() {
    const block = new Uint8Array(BLOCK_BYTES).fill(7)
    const bytes = 8 * size
    for (const target of [`${output}.spool`, output]) {
      const to = openSync(target, 'w')
      const from = target === output ? openSync(`${output}.spool`, 'r') : undefined
      for (let at = 0; at < bytes; at += BLOCK_BYTES) {
        if (from !== undefined) readSync(from, block, 0, BLOCK_BYTES, at)
        writeSync(to, block, 0, Math.min(BLOCK_BYTES, bytes - at))
      }
      closeSync(to)
      if (from !== undefined) closeSync(from)
    }
    renameSync(`${output}.spool`, output)
  },
}

// Watching takes a tenth of this thread's time.
const loop = watched ? new BusyLoop() : undefined
const measured = await measure(CALLS[call])
loop?.stop()
console.log(JSON.stringify({ ...measured, busyMs: loop?.busyMs ?? null }))
