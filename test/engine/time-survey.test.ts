/**
 * What native code counts of the times of spike trains, in blocks that know nothing of units.
 */
import t from 'tap'
import { runJob } from '../../lib/engine/run-job.js'
import { SpikeData } from '../../lib/index.js'

/** More than a block, the times of which are each there once, but for those that `repeats` says. */
const LONG = 100_000
const train = (...repeats: readonly number[]) => {
  const times = Float64Array.from({ length: LONG }, (_, i) => i)
  for (const i of repeats) times[i] = times[i - 1] as number
  return times
}
const survey = (sd: SpikeData) => runJob(() => sd.nativeTrains.survey(sd.startTime + sd.length), undefined)
const TRAINS = [new Float64Array(0), train(), train(32_768, 65_536, 99_999), Float64Array.of(99_999), Float64Array.of(99_999, 99_999)]
const FOUND = { repeated: 4, repeatingUnits: 2, firstRepeating: 2, atEnd: 4, emptyUnits: 2 }

t.test('in memory', async (t) => {
  const sd = await SpikeData.create(TRAINS, { length: 99_999, N: 6 })
  t.strictSame(await survey(sd), FOUND)
  t.strictSame(await survey(await SpikeData.create([[1], [1]], { length: 2 })), { repeated: 0, repeatingUnits: 0, atEnd: 0, emptyUnits: 0 })
  t.strictSame(await survey(await SpikeData.create([])), { repeated: 0, repeatingUnits: 0, atEnd: 0, emptyUnits: 0 })
})

t.test('on the disk', async (t) => {
  const batches = TRAINS.map((times, unit) => ({ units: new Uint32Array(times.length).fill(unit), times }))
  const sd = await SpikeData.fromBatches(batches, { length: 99_999, N: 6 })
  t.strictSame(await survey(sd), FOUND)
  await sd.close()
})
