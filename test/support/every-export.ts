/**
 * A program, in both kinds of modules, that exports a recording in every format into a folder.
 */

export const COMPLETE_NWB = 'complete.nwb'

const BODY = `
const { NDArray, SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle } = spikeport

async function run(out) {
  const train = [[12.5, 40.25, 66], [], [70.25, 5.5], Array.from({ length: 5000 }, (_, i) => i / 64)]
  const sd = await SpikeData.create(train, {
    length: 100,
    neuronAttributes: train.map((_, electrode) => ({ electrode })),
    metadata: { culture: 'A-12' },
    rawData: new NDArray(Int16Array.from({ length: 2000 }, (_, i) => i % 37), [2, 1000]),
    rawTime: 10,
  })
  for (const style of ['ragged', 'group', 'paired', 'raster']) {
    const options = style === 'raster' ? { style, rasterBinSizeMs: 1 } : { style }
    await exportSpikeDataToHdf5(sd, out + '/' + style + '.h5', options)
    const chunked = { ...options, layout: 'chunked', rawDataset: 'raw', rawTimeDataset: 'raw_time' }
    for (const level of [1, 6]) {
      await exportSpikeDataToHdf5(sd, out + '/' + style + '-' + level + '.h5', { ...chunked, compression: { level } })
    }
  }
  await exportSpikeDataToNwb(sd, out + '/recording.nwb', { profile: 'spikelab' })
  await exportSpikeDataToNwb(sd, out + '/${COMPLETE_NWB}', { nwb: { sessionStartTime: '2024-05-01T12:00:00Z' } })
  await exportSpikeDataToKilosort(sd, out + '/kilosort', { fsHz: 30000 })
  for (const protocol of [0, 2, 5]) await exportToPickle(sd, out + '/' + protocol + '.pkl', { protocol })
}

run(process.argv[2])
`

export const EVERY_EXPORT = {
  esm: `import * as spikeport from 'spikeport'\n${BODY}`,
  cjs: `const spikeport = require('spikeport')\n${BODY}`,
}
