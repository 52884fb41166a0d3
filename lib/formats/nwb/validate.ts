/**
 * What is checked of NWB files beyond what loading them does: the required parts of the schema, what DANDI asks for, and who refuses them.
 */
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import type { StoredRecording, Validated, ValidationFinding } from '../../jobs/validation.js'
import { finding, refused, SPIKELAB } from '../../jobs/validation.js'
import { electricalSeries } from '../../sources/nwb-series.js'
import type { LoadNwbOptions } from './read.js'
import { UNITS } from './reading/units.js'
import { SchemaCheck } from './validation/schema.js'

const KEYWORDS = '/general/keywords'
const NEO = 'neo 0.14.6 NWBIO'

/** Files without units are files of NWB, too. */
export function storedRecordings({ variant }: Findings): readonly StoredRecording<LoadNwbOptions>[] {
  return [{ options: { allowNoUnits: true, ...(variant === 'spikelab' && { profile: 'spikelab' }) } as LoadNwbOptions }]
}

/** Checks the schema, which SpikeLab's files do not claim to follow: nothing in them has a type. */
export async function validateNwb(candidate: Candidate, { found, warnings }: Validated): Promise<ValidationFinding[]> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  if (found?.variant === 'spikelab' && !(await candidate.root())?.attributes.has('neurodata_type')) {
    return [
      ...['pynwb 4.2.0', 'DANDI 0.81.0'].map((reader) => refused(reader, 'The file has no nwb_version.', '/')),
      ...(warnings.has('SPIKEPORT_SPIKES_MOVED')
        ? [refused(SPIKELAB, 'Spikes at the edge of the window are outside of it by a rounding error.')]
        : []),
    ]
  }
  const check = new SchemaCheck(file, signal)
  await check.all()
  if ((await file.describe(UNITS, signal)) === undefined) {
    check.findings.push(finding('LOADING_NEEDS_OPTION', 'The file has no table of units: loading needs the option allowNoUnits.', UNITS))
  }
  if (await file.describe(`${UNITS}/electrodes`, signal)) {
    check.findings.push(refused(`${SPIKELAB} with pynwb`, 'Its units have electrodes, on which it fails.', `${UNITS}/electrodes`))
  }
  return [...check.findings, ...(await neoRefusals(candidate))]
}

/** neo opens no file with keywords, nor with raw series outside of `/processing`. */
async function neoRefusals(candidate: Candidate): Promise<ValidationFinding[]> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  const findings: ValidationFinding[] = []
  if (await file.describe(KEYWORDS, signal)) findings.push(refused(NEO, 'It has keywords.', KEYWORDS))
  for await (const path of electricalSeries(file, signal))
    return [...findings, refused(NEO, 'It has an ElectricalSeries outside of /processing.', path)]
  return findings
}
