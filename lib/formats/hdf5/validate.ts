/**
 * What is checked of HDF5 files beyond what loading them does: which of them SpikeLab misreads.
 */
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import type { StoredRecording, Validated, ValidationFinding } from '../../jobs/validation.js'
import { finding, refused, SPIKELAB } from '../../jobs/validation.js'
import type { LoadHdf5Options } from './load-options.js'

/** A raster of which the width of the bins is not stated is loaded with bins of 1 ms. */
export function storedRecordings({ variant, lengthMs }: Findings): readonly StoredRecording<LoadHdf5Options>[] | undefined {
  if (variant !== 'raster' || lengthMs !== undefined) return undefined
  const message = 'The file does not state the width of its bins: loading needs the option rasterBinSizeMs. It was checked with 1 ms.'
  return [{ options: { style: 'raster', rasterBinSizeMs: 1 } as LoadHdf5Options, findings: [finding('LOADING_NEEDS_OPTION', message)] }]
}

/** What SpikeLab's loader makes of a file: test/interop/validation.test.ts has it read each of these. */
export async function refusals(_: Candidate, { found, sd, warnings }: Validated): Promise<ValidationFinding[]> {
  if (!found || !sd) return []
  const findings: ValidationFinding[] = []
  if (found.variant === 'ragged' && sd.N > 1) {
    const counts = new Float64Array(1)
    sd.nativeTrains.countSpikes(counts, 0)
    if (counts[0] === 0 && sd.spikeCount > 0) {
      findings.push(
        refused(SPIKELAB, 'The first unit has no spikes, and is dropped: the 0 at the start of the index is taken for a start.'),
      )
    }
  }
  if (warnings.has('SPIKEPORT_SPIKES_MOVED')) {
    findings.push(refused(SPIKELAB, 'Spikes at the edge of the window are outside of it by a rounding error.'))
  }
  return findings
}
