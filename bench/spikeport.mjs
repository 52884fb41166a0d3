/**
 * Our side of the benchmark: spikeport's public API.
 */
import { exportSpikeDataToHdf5, SpikeData } from 'spikeport'
import { FORMATS } from '../dist/formats/registry.js'

const construct = ({ train, length }) => SpikeData.create(train, { length })

const CALLS = {
  construct,
  keep: async (recording, path) => exportSpikeDataToHdf5(await construct(recording), path, { spikeTimesUnit: 'ms' }),
  ...Object.fromEntries(FORMATS.map(({ name, from, write }) => [name, ({ sd }, path, options) => write(from?.(sd) ?? sd, path, options)])),
  'construct-hdf5': async (recording, path, options) => exportSpikeDataToHdf5(await construct(recording), path, options),
}

/** Makes the call once for each path: all at once, or one after the other as the peers do. */
export async function run(recording, { call, options = {}, together = false }, paths) {
  const one = (path) => CALLS[call](recording, path, options)
  if (together) await Promise.all(paths.map(one))
  else for (const path of paths) await one(path)
}
