/**
 * Our side of the benchmark: spikeport's public API on the recording that the reference has too.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from 'spikeport'

const READ_BYTES = 2 ** 26

const CALLS = {
  hdf5: ({ sd }, path, options) => exportSpikeDataToHdf5(sd, path, options),
  nwb: ({ sd }, path, options) => exportSpikeDataToNwb(sd, path, options),
  kilosort: ({ sd }, path, options) => exportSpikeDataToKilosort(sd, path, options),
  pickle: ({ sd }, path, options) => exportToPickle(sd, path, options),
  construct: ({ train, length }) => SpikeData.create(train, { length }),
}

/** Loads what the reference wrote to the file: the times of all units, equally many each. */
export async function loadRecording(file, { units, spikes, length }) {
  const flat = readFloat64(file)
  const train = Array.from({ length: units }, (_, unit) => flat.subarray(unit * spikes, (unit + 1) * spikes))
  return { train, length, sd: await SpikeData.create(train, { length }) }
}

/** Makes the call once for each path, one after the other, as the reference does. */
export async function run(recording, { call, options }, paths) {
  for (const path of paths) await CALLS[call](recording, path, options)
}

/** Writes what `construct` makes to a file, for the check. */
export async function keep(recording, path) {
  await exportSpikeDataToHdf5(await CALLS.construct(recording), path, { spikeTimesUnit: 'ms' })
}

/** A file of float64, read in blocks: Node reads no more than 2 GiB at once. */
function readFloat64(path) {
  const file = openSync(path)
  const bytes = new Uint8Array(fstatSync(file).size)
  for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, Math.min(READ_BYTES, bytes.length - at), at)
  closeSync(file)
  return new Float64Array(bytes.buffer)
}
