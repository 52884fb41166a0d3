/**
 * Exports to one folder at once, of different sizes and kinds, in one of these ways:
 *
 *     node at-once.mjs FOLDER PAIRS calls      two calls of one thread
 *     node at-once.mjs FOLDER PAIRS threads    two worker threads
 *     node at-once.mjs FOLDER PAIRS processes  two processes
 *
 * After each pair the folder must hold what one of the two has written: all of its files, and nothing else. Prints how often that was
 * which, and what was wrong, as JSON.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { parentPort, Worker } from 'node:worker_threads'
import { contentsAt, EXPORTS, leftovers, recording } from './exports.mjs'

/** What the two write: a kind of export, and its number of spikes. */
const PAIRS = [
  [
    ['kilosort', 30],
    ['kilosort', 3000],
  ],
  [
    ['phy', 3000],
    ['phy', 30],
  ],
  [
    ['kilosort', 30],
    ['phy', 30],
  ],
  [
    ['phy', 300],
    ['kilosort', 30_000],
  ],
]
const sides = PAIRS.flat().map(([name, spikes], i) => ({ name, sd: recording(spikes, i % 2) }))
const run = ({ side, path }) =>
  EXPORTS[sides[side].name](sides[side].sd, path, {}).then(
    () => '',
    (error) => error.stack,
  )

const parent = parentPort
if (parent) {
  parent.on('message', (message) => void run(message).then((answer) => parent.postMessage(answer)))
} else if (process.send) {
  process.on('message', (/** @type {any} */ message) => void run(message).then((answer) => process.send?.(answer)))
} else {
  await compare(process.argv[2], Number(process.argv[3]), process.argv[4])
}

async function compare(folder, pairs, way) {
  const [writers, end] = writersFor(way)
  const wholes = []
  for (const side of sides.keys()) {
    await run({ side, path: `${folder}/whole` })
    wholes.push(JSON.stringify(contentsAt(`${folder}/whole`)))
    rmSync(`${folder}/whole`, { recursive: true })
  }
  const found = { first: 0, second: 0, problems: /** @type {string[]} */ ([]) }
  const path = `${folder}/shared`
  for (let i = 0; i < pairs; i++) {
    // To a new folder, an empty one, one that the last pair has left, and again to that one.
    if (i % 4 < 2) rmSync(path, { recursive: true, force: true })
    if (i % 4 === 1) mkdirSync(path)
    const first = 2 * (Math.floor(i / 4) % PAIRS.length)
    const two = [first, first + 1]
    const failures = await Promise.all(two.map((side, writer) => writers[writer]({ side, path })))
    const what = `${i}: ${two.map((side) => sides[side].name).join(' and ')}`
    for (const failure of failures) if (failure !== '') found.problems.push(`${what}: ${failure}`)
    const now = JSON.stringify(contentsAt(path))
    const winner = two.findIndex((side) => wholes[side] === now)
    if (winner < 0) found.problems.push(`${what}: a mixture: ${Object.keys(JSON.parse(now))}`)
    else found[['first', 'second'][winner]]++
    if (leftovers(folder).length > 0) found.problems.push(`${what}: left ${leftovers(folder)}`)
  }
  await end()
  console.log(JSON.stringify(found))
}

/**
 * Two that write, and what ends them.
 *
 * @param {string} way
 * @returns {[writers: ((message: { side: number, path: string }) => Promise<string>)[], end: () => unknown]}
 */
function writersFor(way) {
  if (way === 'calls') return [[run, run], () => {}]
  const file = new URL(import.meta.url)
  const others = [0, 1].map(() => (way === 'threads' ? new Worker(file) : fork(file)))
  const ask = (/** @type {any} */ other) => async (message) => {
    if (way === 'threads') other.postMessage(message)
    else other.send(message)
    const [answer] = await once(other, 'message')
    return answer
  }
  const end = () => Promise.all(others.map(async (other) => (other instanceof Worker ? other.terminate() : other.disconnect())))
  return [others.map(ask), end]
}
