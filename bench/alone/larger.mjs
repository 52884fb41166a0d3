/**
 * What is larger than memory: raw data in a file, spikes in batches, folders that are not loaded. Each in a process of its own, in two
 * sizes, and in turns with a peer that does the same, or with what no program can do without.
 */
import { execFile } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { root } from '../../scripts/setup/shell.mjs'
import { pythonEnvironment } from '../../test/interop/environments.mjs'
import { against } from '../goals.mjs'
import { median } from '../measure.mjs'

const SCRIPT = fileURLToPath(new URL('larger-process.mjs', import.meta.url))
const PEER = join(root, 'bench/python/larger.py')
const STALL_MS = 5
const MEBIBYTE = 2 ** 20

const CHANNELS = 384
const SAMPLE_BYTES = 2 * CHANNELS

/**
 * Each goal is one of shared rows: how many times as fast as the peer, and the memory beyond what is in use before. `sizes` are bytes of raw
 * data, or spikes. A peer that is slow runs once, on the smaller size.
 */
const ROWS = [
  { name: 'raw data, contiguous', call: 'raw', of: 'bytes', sizes: [1e9, 4e9], peer: 'cp', least: 0.8, extraBytes: 64e6 },
  { name: 'raw data, level 1', call: 'raw-compressed', of: 'bytes', sizes: [1e9, 4e9], peer: 'hdmf', least: 15, extraBytes: 128e6 },
  { name: 'batches to NWB', call: 'batches', of: 'spikes', sizes: [1e7, 1e8], peer: 'pass', least: 0.5, extraBytes: 256e6 },
  { name: 'Phy to NWB', call: 'phy', of: 'spikes', sizes: [1e7, 1e8], peer: 'neuroconv', least: 20, extraBytes: 256e6 },
]
/** The peers that take minutes. */
const SLOW = new Set(['hdmf', 'neuroconv'])

/** One row a size of each call. */
export async function measureLarger({ quick, folder, rounds }) {
  const rows = []
  for (const { sizes, ...row } of ROWS) {
    for (const [place, full] of sizes.entries()) {
      const size = quick ? full / 1000 : full
      const input = join(folder, 'larger-input')
      const output = join(folder, 'larger-output')
      await makeInput(row, size, input)
      /** @type {{ seconds: number, peakBytes: number | null }[]} */
      const ours = []
      /** @type {number[]} */
      const theirs = []
      const watched = await runNode(row.call, { size, input, output, watched: true })
      rmSync(output, { recursive: true, force: true })
      for (let round = 0; round < (quick ? 1 : rounds); round++) {
        ours.push(await runTwice(() => runNode(row.call, { size, input, output }), output))
        if (SLOW.has(row.peer) && (round > 0 || place > 0)) continue
        const run = () => runPeer(row.peer, { size, input, output })
        theirs.push(SLOW.has(row.peer) ? await run() : await runTwice(run, output))
        rmSync(output, { recursive: true, force: true })
      }
      rmSync(input, { recursive: true, force: true })
      const seconds = median(ours.map((run) => run.seconds))
      const goals = (goal) => (quick ? {} : goal)
      rows.push({
        name: row.name,
        size,
        of: row.of,
        seconds,
        peer: row.peer,
        faster: theirs.length === 0 ? undefined : against(median(theirs) / seconds, goals({ least: row.least })),
        extra: against(worst(ours), goals({ most: row.extraBytes })),
        busyMs: against(watched.busyMs, goals({ most: STALL_MS })),
      })
    }
  }
  return rows
}

/** The most memory of all rounds; null where the system does not report it. */
function worst(runs) {
  const figures = runs.map((run) => run.peakBytes)
  return figures.includes(null) ? null : Math.max(...figures)
}

/** What the calls read: raw data is noise, as a compressor sees it in recordings. */
async function makeInput({ call, of }, size, path) {
  if (call === 'phy') await runNode('make-phy', { size, input: path, output: path })
  if (of !== 'bytes') return
  const block = new Int16Array(32 * MEBIBYTE)
  for (let i = 0; i < block.length; i++) block[i] = 20 * (Math.random() + Math.random() + Math.random() - 1.5)
  const file = openSync(path, 'w')
  const bytes = Math.floor(size / SAMPLE_BYTES) * SAMPLE_BYTES
  for (let at = 0; at < bytes; ) at += writeSync(file, block, 0, Math.min(block.byteLength, bytes - at))
  closeSync(file)
}

/**
 * Runs something twice, and returns what the second run does. In a virtual machine its host has to find the memory for the first: a copy of
 * 4 GB took three times as long after another program had left the memory in other pieces.
 */
async function runTwice(run, output) {
  await run()
  rmSync(output, { recursive: true, force: true })
  await written()
  const result = await run()
  rmSync(output, { recursive: true, force: true })
  return result
}

/** Waits until the disk has what was written before: it would slow down what comes next. */
async function written() {
  await promisify(execFile)('sync')
}

async function runNode(call, job) {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify({ call, channels: CHANNELS, ...job })])
  return JSON.parse(stdout)
}

/** How many seconds a peer takes. */
async function runPeer(peer, { size, input, output }) {
  // Those that take no longer than ours start as ours do. Half a second more after the last file was removed, and the host of a virtual
  // machine has taken its memory back: that alone makes a copy of 4 GB three times as slow.
  if (!SLOW.has(peer)) return (await runNode(peer, { size, input, output })).seconds
  const { python, skip } = await pythonEnvironment(peer === 'hdmf' ? 'nwb' : 'neuroconv')
  if (skip) throw new Error(`There is no ${peer}: ${skip}.`)
  const { stdout } = await promisify(execFile)(python, ['-B', PEER, peer, input, output, String(CHANNELS)], { maxBuffer: 64 * MEBIBYTE })
  return Number(stdout.trim().split('\n').at(-1))
}
