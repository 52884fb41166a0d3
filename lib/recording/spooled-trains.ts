/**
 * Spike trains that are not in memory.
 */
import { addon } from '../engine/native.js'
import type { NativeSpikeTrains } from '../engine/native-spike-trains.js'
import { runJob } from '../engine/run-job.js'
import { invalidState } from '../errors.js'
import { unset } from '../memory/allocation.js'
import { isDue, spend } from '../steps.js'
import { Lifetime } from './lifetime.js'
import type { UnitTrains } from './spike-trains.js'
import type { ValueColumn } from './spike-values.js'

/** How many units are counted in one call. */
const BATCH_UNITS = 4096

/** Spike trains on the disk, which their lifetime frees. */
export interface SpooledTrains extends UnitTrains {
  readonly lifetime: Lifetime
}

/**
 * Spike trains that a job has yet to fill: native code's are without units until then.
 *
 * @param values - what each spike has besides its time, in the order in which native code has it
 */
export function spooledTrains(values: readonly ValueColumn[] = []): SpooledTrains {
  const native: NativeSpikeTrains = new addon.SpikeTrains(0)
  return {
    native,
    values,
    lifetime: new Lifetime(() => runJob(() => native.close(), undefined)),
    *settle() {},
    *counts() {
      const counts = unset(Float64Array, native.unitCount)
      for (let unit = 0; unit < counts.length; unit += BATCH_UNITS) {
        native.countSpikes(counts.subarray(unit, unit + BATCH_UNITS), unit)
        spend(BATCH_UNITS)
        if (isDue()) yield
      }
      return counts
    },
    arrays() {
      throw invalidState('a recording with its spikes in memory', 'train', 'one that is spooled (loadTrain reads one unit)')
    },
  }
}
