/**
 * What `h5ls` shows of every kind of file: the names that h5read of MATLAB takes, and shapes.
 */
import { spawnSync } from 'node:child_process'
import t from 'tap'
import type { Hdf5Options, NwbOptions } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'

const skip = spawnSync('h5ls', ['--version']).status !== 0 && "the HDF5 library's command line tools are not installed"
const file = `${t.testdir()}/file.h5`
const neuronAttributes = [
  { electrode: 1, x: 0.5, y: 2, snr: 4 },
  { electrode: 0, x: 1.5, y: 3, snr: 5 },
]
const sd = new SpikeData([[1, 2], [3]], { length: 10, neuronAttributes })

/** `⟨path⟩ ⟨shape⟩` of every dataset, `⟨path⟩/` of every group. */
function listed(): string[] {
  const { stdout, stderr } = spawnSync('h5ls', ['--recursive', file], { encoding: 'utf8' })
  if (stderr) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +Group$/, '/').replace(/ +Dataset (\{.*\}).*$/, ' $1'))
}

const STYLES: [Hdf5Options, string[]][] = [
  [{}, ['/spike_times {3}', '/spike_times_index {2}']],
  [{ style: 'group' }, ['/units/', '/units/0 {2}', '/units/1 {1}']],
  [{ style: 'paired' }, ['/idces {3}', '/times {3}']],
  [{ style: 'raster', rasterBinSizeMs: 2 }, ['/raster {2, 5}']],
]

t.test('HDF5', { skip }, async (t) => {
  for (const [options, expected] of STYLES) {
    await exportSpikeDataToHdf5(sd, file, options)
    t.strictSame(listed(), ['//', ...expected], JSON.stringify(options))
  }
})

t.test('NWB', { skip }, async (t) => {
  for (const options of [{}, { compression: {} }] satisfies NwbOptions[]) {
    await exportSpikeDataToNwb(sd, file, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' }, ...options })
    const lines = listed()
    for (const line of ['/session_start_time {SCALAR}', '/units/spike_times {3/Inf}', '/units/snr {2/Inf}', '/units/electrodes {2/Inf}']) {
      t.ok(lines.includes(line), line)
    }
    t.ok(
      lines.some((line) =>
        /^\/general\/extracellular_ephys\/electrode_group\/device Soft Link \{\/general\/devices\/device\}/.test(line.replace(/ +/g, ' ')),
      ),
    )
    for (const line of lines) t.match(line.split(' ')[0], /^(\/[A-Za-z]\w*)*\/*$/, line)
  }
})
