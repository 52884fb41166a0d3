/**
 * Damaged files: a lazy load fails where a load into memory does, and loads the same where that loads something.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToHdf5, exportToPickle, exportToWorkspace, loadSpikeData, SpikeData } from '../../lib/index.js'
import { fc } from '../support/property.js'

const dir = t.testdir({ spool: {} })
const train = [Float64Array.from({ length: 300 }, (_, i) => i), [], [5, 6], Float64Array.from({ length: 90 }, (_, i) => i)]
const neuronAttributes = train.map((_, unit) => ({ template: new Float32Array(200), label: `u${unit}` }))
const sd = new SpikeData(train, { length: 400, neuronAttributes, metadata: { list: [1, 2.5], text: 'x'.repeat(700) } })

const FILES: Record<string, (path: string) => Promise<unknown>> = {
  'ragged.h5': (path) => exportSpikeDataToHdf5(sd, path),
  'group.h5': (path) => exportSpikeDataToHdf5(sd, path, { style: 'group' }),
  'compressed.h5': (path) => exportSpikeDataToHdf5(sd, path, { style: 'group', compression: {} }),
  'raster.h5': (path) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 3 }),
  'sd.pkl': (path) => exportToPickle(sd, path),
  'workspace.h5': (path) => exportToWorkspace({ day: { spikes: sd } }, path),
}

const mutations = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
/** How much of the file is left, of 1000; most are whole. */
const kept = fc.oneof({ arbitrary: fc.constant(1000), weight: 9 }, fc.nat(999))

/** What is loaded, or the code of the error. */
async function outcomeOf(path: string, lazy: object): Promise<SpikeData | string> {
  try {
    return await loadSpikeData(path, { onWarning() {}, ...lazy })
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

for (const [name, write] of Object.entries(FILES)) {
  t.test(name, async (t) => {
    const path = `${dir}/${name}`
    await write(path)
    const whole = readFileSync(path)
    await fc.assert(
      fc.asyncProperty(fc.tuple(mutations, kept), async ([changes, left]) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        writeFileSync(path, bytes.subarray(0, Math.ceil((bytes.length * left) / 1000)))
        const inMemory = await outcomeOf(path, {})
        const lazy = await outcomeOf(path, { lazy: true, spoolFolder: `${dir}/spool` })
        if (!(inMemory instanceof SpikeData && lazy instanceof SpikeData)) return void t.equal(lazy, inMemory)
        await using loaded = lazy
        const about = ({ N, length, startTime, neuronAttributes, metadata }: SpikeData) => ({
          N,
          length,
          startTime,
          neuronAttributes,
          metadata,
        })
        t.strictSame(about(loaded), about(inMemory))
        for (const [unit, times] of inMemory.train.entries()) t.strictSame(await loaded.loadTrain(unit), times)
      }),
    )
  })
}
