/**
 * Our side of the benchmark: spikeport's public API.
 */
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  loadSpikeDataFromPickle,
  SpikeData,
} from 'spikeport'
import { FORMATS } from '../dist/formats/registry.js'
import { attributesOf, everythingOptions } from './everything.mjs'

const construct = ({ train, length }) => SpikeData.create(train, { length })

/**
 * Each with options of its own.
 * @type {Record<string, (input: any, options: any) => Promise<unknown>>}
 */
const LOADERS = {
  hdf5: loadSpikeDataFromHdf5,
  nwb: loadSpikeDataFromNwb,
  kilosort: loadSpikeDataFromKilosort,
  pickle: loadSpikeDataFromPickle,
}

/** For each format a load, and one whose result is kept in a file. */
const LOADS = Object.entries(LOADERS).flatMap(([name, loader]) => {
  const load = ({ input, ...options }) => loader(input, { ...options, onWarning() {} })
  return [
    [`load-${name}`, (_, __, options) => load(options)],
    [`keep-load-${name}`, async (_, path, options) => keepLoaded(await load(options), path)],
  ]
})

const CALLS = {
  construct,
  keep: async (recording, path) => exportSpikeDataToHdf5(await construct(recording), path, { spikeTimesUnit: 'ms' }),
  ...Object.fromEntries(LOADS),
  ...Object.fromEntries(FORMATS.map(({ name, from, write }) => [name, ({ sd }, path, options) => write(from?.(sd) ?? sd, path, options)])),
  'nwb-everything': async (recording, path, options) => {
    const { sd, more } = await withEverything(recording)
    return exportSpikeDataToNwb(sd, path, { ...more, ...options })
  },
  'construct-hdf5': async (recording, path, options) => exportSpikeDataToHdf5(await construct(recording), path, options),
}

/** Made once for a recording, in the first run, which is not timed. */
const everything = new WeakMap()

async function withEverything(recording) {
  const { train, length } = recording
  if (!everything.has(recording)) {
    const sd = await SpikeData.create(train, { length, neuronAttributes: attributesOf(train) })
    everything.set(recording, { sd, more: everythingOptions(train.length, length) })
  }
  return everything.get(recording)
}

/** What was loaded, in a file to be compared: without the window, which is inferred in different ways. */
const keepLoaded = (sd, path) => exportSpikeDataToHdf5(new SpikeData(sd.train, { length: sd.length }), path, { spikeTimesUnit: 'ms' })

/** Makes the call once for each path: all at once, or one after the other as the peers do. */
export async function run(recording, { call, options = {}, together = false }, paths) {
  const one = (path) => CALLS[call](recording, path, options)
  if (together) await Promise.all(paths.map(one))
  else for (const path of paths) await one(path)
}
