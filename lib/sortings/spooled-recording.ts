/**
 * The recording of a sorter's spikes that are not in memory.
 */
import { FormatError } from '../errors.js'
import { madeFrom } from '../jobs/made-from-file.js'
import { SpikeData } from '../model/spike-data.js'
import type { LazilyLoaded } from '../recording/lazy-loading.js'
import { recordingOf } from '../recording/lazy-loading.js'
import { timeProblem } from '../recording/loaded-spikes.js'
import type { SpikeDataOptions } from '../recording/spike-data-builder.js'

/**
 * A recording from 0 on, which ends one unit in the last place after the last spike.
 *
 * @param path - what errors call the file
 * @throws FormatError for a time that it cannot have
 */
export async function spooledRecording(
  spikes: LazilyLoaded,
  options: SpikeDataOptions,
  { path, signal }: { path: string; signal: AbortSignal | undefined },
): Promise<SpikeData> {
  const loaded = await madeFrom(path, () => recordingOf(spikes, options, { tolerance: 0, endsAfterLast: true }, signal))
  if (loaded.problem) throw new FormatError(path, timeProblem(loaded.problem, 0))
  return new SpikeData(loaded.recording)
}
