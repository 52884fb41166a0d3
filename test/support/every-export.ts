/**
 * A program, in both kinds of modules, that exports a recording to every variant of every format in a folder.
 */
import { VARIANTS } from '../../lib/formats/registry.js'

/** The one file with ids of its own. */
export const COMPLETE_NWB = 'nwb.nwb'

const CALLS = VARIANTS.map(({ name, format, options }) => {
  const { write, output } = format
  const call = (suffix: string, given: object) => `await spikeport.${write.name}(sd, out + '/${name}${suffix}', ${JSON.stringify(given)})`
  if (output.kind === 'folder') return call('', options)
  // The same bytes in every run.
  if (output.kind === 'files')
    return `await spikeport.exportToWorkspace({ recording: { sd } }, out + '/${name}', { workspaceId: 'id', createdAt: new Date(0) })`
  const raw = { ...options, layout: 'chunked', rawDataset: 'raw', rawTimeDataset: 'raw_time' }
  // Level 1 is our own; the others are libdeflate's, whose versions differ in how they compress a raster's zeros.
  const levels = format.name !== 'hdf5' ? [] : name === 'raster' ? [1] : [1, 6]
  const compressed = levels.map((level) => call(`-${level}${output.extension}`, { ...raw, compression: { level } }))
  return [call(output.extension, options), ...compressed].join('\n  ')
})

const BODY = `
// What the formats do not hold is not what this is about.
process.removeAllListeners('warning')

async function run(out) {
  const train = [[12.5, 40.25, 66], [], [70.25, 5.5], Array.from({ length: 5000 }, (_, i) => i / 64)]
  const sd = await spikeport.SpikeData.create(train, {
    length: 100,
    neuronAttributes: train.map((_, electrode) => ({ electrode })),
    metadata: { culture: 'A-12' },
    rawData: new spikeport.NDArray(Int16Array.from({ length: 2000 }, (_, i) => i % 37), [2, 1000]),
    rawTime: 10,
  })
  ${CALLS.join('\n  ')}
}

run(process.argv[2])
`

export const EVERY_EXPORT = {
  esm: `import * as spikeport from 'spikeport'\n${BODY}`,
  cjs: `const spikeport = require('spikeport')\n${BODY}`,
}
