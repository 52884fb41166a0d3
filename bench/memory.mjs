/**
 * What an export of a large recording takes beyond its input, each format in a process of its own.
 */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What an export may take beyond its input and what Node and the addon take by themselves. */
export const MEMORY_LIMIT_BYTES = 64 * 2 ** 20

const FORMATS = ['ragged', 'paired', 'group', 'raster', 'gzip', 'nwb', 'kilosort', 'pickle']
const SCRIPT = fileURLToPath(new URL('memory-process.mjs', import.meta.url))

/**
 * @param {number} spikes a multiple of 1,000
 * @param {string} folder where the files go, one after the other
 * @returns a row for each format: the base is what the process held before there was any input, the peak is that of the whole
 *   process, and extra is what is neither base nor input
 */
export async function measureMemory(spikes, folder) {
  const rows = []
  for (const format of FORMATS) {
    const path = join(folder, `memory-${format}`)
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, format, `${spikes}`, path])
    rmSync(path, { recursive: true })
    const { inputBytes, baseBytes, peakBytes } = JSON.parse(stdout)
    rows.push({ format, spikes, inputBytes, baseBytes, peakBytes, extraBytes: peakBytes - inputBytes - baseBytes })
  }
  return rows
}
