/**
 * Thousands of exports that one signal stops, most of them before a thread has begun with them. Prints as JSON what came of them, and
 * the longest turn of the event loop from the abort until all have ended, in ms of CPU time, in each of some rounds.
 *
 *     node --max-semi-space-size=1 stop-exports.mjs FOLDER COUNT
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { exportSpikeDataToHdf5, exportToPickle } from 'spikeport'
import { leftovers, recording } from '../../reliability/faults/exports.mjs'
import { longestTurn } from '../../support/event-loop.mjs'

const ROUNDS = 3

const folder = process.argv[2]
const count = Number(process.argv[3])
const small = recording(30, 0)
const large = recording(3_000_000, 0)

async function stopped(write) {
  const controller = new AbortController()
  const { signal } = controller
  const found = { written: 0, stopped: 0 }
  const start = (write, sd, path, options) => {
    write(sd, `${folder}/${path}`, { signal, ...options }).then(
      () => found.written++,
      () => found.stopped++,
    )
  }
  // The threads are busy with these.
  for (let i = 0; i < 4; i++) start(exportSpikeDataToHdf5, large, `large ${i}`, { compression: { level: 9 } })
  for (let i = 4; i < count; i++) {
    start(write, small, 'small', { threads: 1 })
    // That many in one turn are the caller's.
    if (i % 16 === 0) await nextTurn()
  }
  const longest = await longestTurn(async () => {
    controller.abort()
    while (found.written + found.stopped < count) await nextTurn()
  })
  return { ...found, longest }
}

const rounds = {}
for (const write of [exportSpikeDataToHdf5, exportToPickle]) {
  rounds[write.name] = []
  for (let round = 0; round < ROUNDS; round++) rounds[write.name].push(await stopped(write))
}
console.log(JSON.stringify({ rounds, left: leftovers(folder) }))
