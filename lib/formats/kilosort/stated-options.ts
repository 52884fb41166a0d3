/**
 * What a recording states of itself that KiloSort folders hold.
 */
import { statedFrequency, statedIds, unlessGiven } from '../../jobs/stated.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isWholeId } from '../../recording/unit-id.js'
import type { KilosortFolder } from './write.js'

/** What every reader takes. */
const HIGHEST_ID = 2 ** 31 - 1

/** The sampling frequency, and ids of units that are whole numbers. */
export function statedOptions(sd: SpikeData, given: object): Partial<KilosortFolder> {
  const fsHz = statedFrequency(sd)
  const ids = statedIds(sd)
  const stated = {
    ...(fsHz !== undefined && { fsHz }),
    ...(ids?.every(isClusterId) && { clusterIds: ids }),
  }
  return unlessGiven(stated, given)
}

function isClusterId(id: unknown): id is number | bigint {
  return isWholeId(id) && id >= 0 && id <= HIGHEST_ID
}
