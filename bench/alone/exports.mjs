/**
 * Exports of large recordings, each in a process of its own: the memory they take, how long they hold up the event loop, and
 * how their time grows with the spikes.
 */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { against } from '../goals.mjs'
import { median } from '../measure.mjs'

const SCRIPT = fileURLToPath(new URL('process.mjs', import.meta.url))
const STALL_MS = 5
/** How much longer a spike of the largest recording may take than one of LINEAR_FROM, and what its export may take. */
const LINEAR = 1.5
const LINEAR_FROM = 1e7
const FLAT_BYTES = 16e6
const BOUNDED_BYTES = 64e6

const QUICK = { units: 100, spikes: 100, rounds: 1 }
const LARGE = { units: 1000, spikes: 100000, rounds: 3 }
/** @type {{ format: string, units: number, spikes: number, rounds: number, extraBytes?: number }[]} */
const FORMATS = [
  { format: 'ragged', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'paired', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'group', ...LARGE },
  { format: 'group', units: 100000, spikes: 100, rounds: 3 },
  // An hour of 1,000 units at 1 ms and 5 Hz.
  { format: 'raster', units: 1000, spikes: 18000, rounds: 3, extraBytes: BOUNDED_BYTES },
  { format: 'gzip', ...LARGE, rounds: 1 },
  { format: 'nwb', ...LARGE, extraBytes: FLAT_BYTES },
  // With an amplitude for each spike, electrodes, waveforms, windows, intervals and series.
  { format: 'nwb, everything', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'kilosort', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'phy', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'pickle', ...LARGE, extraBytes: FLAT_BYTES },
  { format: 'pickle 2', ...LARGE, extraBytes: FLAT_BYTES },
]
const SIZES = [1e5, 1e6, 1e7, 1e8, 3e8]

/** One row a format; `goals` are left out for small sizes, which do not measure them. */
export async function measureAlone({ quick, folder }) {
  const rows = []
  for (const { extraBytes = BOUNDED_BYTES, ...given } of FORMATS) {
    const job = { ...given, ...(quick && QUICK) }
    const { inputBytes, construction, exporting } = await exportAlone(job, folder)
    rows.push({
      ...job,
      inputBytes,
      constructionBytes: construction.bytes,
      extra: against(exporting.bytes, quick ? {} : { most: extraBytes }),
      construction: against(construction.busyMs, quick ? {} : { most: STALL_MS }),
      exporting: against(exporting.busyMs, quick ? {} : { most: STALL_MS }),
      delayMs: Math.max(construction.delayMs, exporting.delayMs),
    })
  }
  return rows
}

/** One row a number of spikes, ragged in samples; the largest may fill half of the free memory. */
export async function measureScaling({ quick, folder, freeBytes }) {
  const rows = []
  for (const spikeCount of quick ? [1e4, 1e5] : SIZES.filter((count) => count * 8 < freeBytes / 2)) {
    const rounds = quick ? 1 : spikeCount > 1e8 ? 3 : 7
    const { seconds, exporting } = await exportAlone({ format: 'ragged', units: 1000, spikes: spikeCount / 1000, rounds }, folder)
    rows.push({ spikeCount, rounds, seconds, nsPerSpike: (seconds / spikeCount) * 1e9, extraBytes: exporting.bytes })
  }
  const from = rows.find(({ spikeCount }) => spikeCount === LINEAR_FROM)
  const judged = !quick && from
  return rows.map(({ nsPerSpike, extraBytes, ...row }) => ({
    ...row,
    nsPerSpike: against(nsPerSpike, judged && row.spikeCount > LINEAR_FROM ? { most: LINEAR * from.nsPerSpike } : {}),
    extra: against(extraBytes, judged ? { most: FLAT_BYTES } : {}),
  }))
}

async function exportAlone(job, folder) {
  const path = join(folder, 'alone')
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify({ ...job, path })])
  rmSync(path, { recursive: true })
  const { inputBytes, rounds } = JSON.parse(stdout)
  /** @returns {any} a number, or null where the system does not report it */
  const worst = (call, figure) => {
    const figures = rounds.map((round) => round[call][figure])
    return figures.includes(null) ? null : Math.max(...figures)
  }
  const worstOf = (call) => ({ bytes: worst(call, 'peakBytes'), busyMs: worst(call, 'busyMs'), delayMs: worst(call, 'delayMs') })
  return {
    inputBytes,
    seconds: median(rounds.map(({ exporting }) => exporting.seconds)),
    construction: worstOf('construction'),
    exporting: worstOf('exporting'),
  }
}
