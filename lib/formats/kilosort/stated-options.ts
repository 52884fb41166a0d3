/**
 * What a recording states of itself that KiloSort folders hold.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { statedFrequency, statedIds, unlessGiven } from '../../jobs/stated.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import { isWholeId } from '../../recording/unit-id.js'
import type { KilosortFolder } from './write.js'

/** What every reader takes. */
const HIGHEST_ID = 2 ** 31 - 1

/** The sampling frequency, and ids of units that are whole numbers. */
export function statedOptions(sd: SpikeData, given: object, warnings: ExportWarning[]): Partial<KilosortFolder> {
  const fsHz = statedFrequency(sd)
  const ids = statedIds(sd)
  const areClusters = ids?.every(isClusterId)
  if (ids && !areClusters && isMissing((given as KilosortFolder).clusterIds)) warnings.push(IDS_LOST)
  return unlessGiven({ ...(fsHz !== undefined && { fsHz }), ...(areClusters && { clusterIds: ids as (number | bigint)[] }) }, given)
}

const IDS_LOST: ExportWarning = {
  code: 'SPIKEPORT_UNIT_IDS_LOST',
  message: `Clusters are numbered 0, 1, …, as not all ids of the units are whole numbers from 0 to ${HIGHEST_ID}.`,
}

function isClusterId(id: unknown): id is number | bigint {
  return isWholeId(id) && id >= 0 && id <= HIGHEST_ID
}
