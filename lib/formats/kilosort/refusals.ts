/**
 * Which readers do not open a folder, and why. test/interop/validation.test.ts has each of them try.
 */
import type { NpyHeader } from '../../files/npy.js'
import type { ValidationFinding } from '../../jobs/validation.js'
import { refused } from '../../jobs/validation.js'
import type { SpikeData } from '../../model/spike-data.js'
import { SPIKE_TIMES, TEMPLATES } from './names.js'
import { PARAMS } from './phy/params.js'
import type { Source } from './reading/source.js'

/** What the checks have found out of a folder, for those of readers. */
export interface FolderFacts {
  /** The headers of the arrays that can be read. */
  readonly headers: ReadonlyMap<string, NpyHeader>
  isAscending: boolean
}

const PHYLIB = 'phylib 2.7.1'
const NEO = 'neo 0.14.6'
const READ_PHY = 'SpikeInterface 0.105.3 read_phy'

/** @param sd - undefined where the folder could not be loaded: then counts of spikes are not known to be right */
export function refusals({ names }: Source, { headers, isAscending }: FolderFacts, sd: SpikeData | undefined): ValidationFinding[] {
  const findings: ValidationFinding[] = []
  if (!names.has(PARAMS)) {
    for (const reader of [PHYLIB, NEO, READ_PHY]) findings.push(refused(reader, `There is no ${PARAMS}.`, PARAMS))
    return findings
  }
  if (!sd) return findings
  if (sd.spikeCount === 0) {
    findings.push(refused(PHYLIB, 'It has no spikes.'), refused(NEO, 'It has no spikes.'))
  } else if (sd.spikeCount === 1) findings.push(refused(PHYLIB, 'It has a single spike.'))
  else if (headers.get(TEMPLATES)?.shape[0] === 1 && (headers.get(TEMPLATES)?.shape[2] ?? 0) > 1) {
    findings.push(refused(PHYLIB, 'It has a single template on several channels.', TEMPLATES))
  }
  if (!isAscending) findings.push(refused(PHYLIB, 'The times are not ascending.', SPIKE_TIMES))
  return findings
}
