/**
 * Raw data of files: the event loop stays free, and memory does not grow with the length of the file.
 */
import { spawnSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, rawFile, SpikeData } from '../../lib/index.js'
import { checkTurns } from '../support/short-turns.js'

const MIB = 2 ** 20
const CHANNELS = 64
const PERIOD_MS = 1 / 20

const dir = t.testdir()
const source = `${dir}/samples.dat`
const file = `${dir}/file.h5`

/** A file of zeros, which take no room on the disk. */
function sparse(bytes: number): string {
  writeFileSync(source, '')
  truncateSync(source, bytes)
  return source
}

async function recording(bytes: number): Promise<SpikeData> {
  const rawData = await rawFile(sparse(bytes), { dtype: 'int16', channels: CHANNELS })
  const length = rawData.shape[1] * PERIOD_MS
  const times = Float64Array.from({ length: 5000 }, (_, i) => (i / 5000) * length)
  return new SpikeData([times, times], { length, rawData, rawTime: 20, neuronAttributes: [{ ch: 0 }, { ch: 9 }] })
}

const WRITERS: Record<string, (sd: SpikeData) => Promise<unknown>> = {
  'in tiles': (sd) => exportSpikeDataToHdf5(sd, file, { rawDataset: 'raw', rawTimeDataset: 'times', compression: {} }),
  contiguous: (sd) => exportSpikeDataToNwb(sd, file, { rawData: { conversion: 1 }, layout: 'contiguous' }),
  'in a Phy folder': (sd) =>
    exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz: 20_000, phy: { templates: 'raw', recording: { write: true } } }),
}

for (const [name, write] of Object.entries(WRITERS)) {
  t.test(`the event loop: ${name}`, async (t) => {
    const sd = await recording(128 * MIB)
    await checkTurns(t, () => write(sd))
  })
}

t.test('memory', { skip: process.platform !== 'linux' && 'needs /proc' }, async (t) => {
  const script = `
    import { readFileSync } from 'node:fs'
    import { exportSpikeDataToNwb, rawFile, SpikeData } from 'spikeport'
    const rawData = await rawFile(process.argv[1], { dtype: 'int16', channels: ${CHANNELS} })
    await exportSpikeDataToNwb(new SpikeData([], { length: 0, rawData, rawTime: 20 }), process.argv[2], { rawData: { conversion: 1 } })
    console.log(Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024)`
  const peakOf = (bytes: number) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, sparse(bytes), file], { encoding: 'utf8' })
    t.equal(stderr.replace(/^.*(NWB_START_UNKNOWN|trace-warnings).*$/gm, '').trim(), '')
    return Number(stdout)
  }
  const [small, large] = [peakOf(128 * MIB), peakOf(2048 * MIB)]
  t.ok(small > 0 && large < small + 32, `${small.toFixed(0)} MB for 128 MiB of samples, ${large.toFixed(0)} MB for 2 GiB`)
})
