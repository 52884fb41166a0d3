/**
 * Recognises the `.npz` of SpikeLab's sorter, and finds out what it holds without reading spikes.
 */
import { FormatError } from '../../errors.js'
import type { NpzArchive } from '../../files/npz.js'
import { Part } from '../../files/random-access.js'
import { PickleFailures } from '../../formats/pickle/reading/failures.js'
import { itemsIn, partsOf, spikesIn } from '../../formats/pickle/reading/structure.js'
import { structureOf } from '../../formats/pickle/reading/unpickle.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import { incomplete } from '../../jobs/findings.js'
import type { LoaderTable } from '../../jobs/option-tables.js'
import type { Reader, Recognition } from '../../jobs/reader.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import type { LoadSortedNpzOptions } from './read.js'
import { attributeNames, loadSpikeDataFromSpikelabSortedNpz, OPTIONS } from './read.js'

/** As the registry lists it. */
export const spikelabNpz: Reader<'spikelab-npz', LoadSortedNpzOptions> = {
  name: 'spikelab-npz',
  options: OPTIONS,
  lookedFor: { file: "an .npz of SpikeLab's sorter (units, fs)" },
  described: {
    lengthMs: { value: 'number', text: 'The length of the recording in ms. Default: just after the last spike' },
  } satisfies LoaderTable<LoadSortedNpzOptions>,
  recognise,
  load: loadSpikeDataFromSpikelabSortedNpz,
  inspect,
}

async function recognise(candidate: Candidate): Promise<Recognition> {
  return (await candidate.hasArrays('units', 'fs')) ? 'mark' : undefined
}

async function inspect(candidate: Candidate): Promise<Findings> {
  const { path, signal } = candidate
  const archive = (await candidate.npz()) as NpzArchive
  const findings: Findings = { fsHz: await archive.number('fs'), startTimeMs: 0, attributes: [], rawData: [], warnings: [] }
  if (archive.has('locations')) {
    const { dtype, shape } = await archive.header('locations')
    if (dtype?.kind !== 'O' && shape.length === 2) findings.channels = shape[0] as number
  }
  await archive.withArray('units', async ({ file, header }) => {
    const { dtype, descr, dataStart, count } = header
    if (dtype?.kind !== 'O') throw new FormatError(path, `its elements are of type ${descr}, not Python objects`, 'units')
    findings.units = count
    const failures = new PickleFailures(path, 'units')
    const root = await structureOf(new Part(file, dataStart, file.size - dataStart), failures, signal)
    if (root === undefined) {
      findings.warnings.push(incomplete('What the units hold is not known: the pickle has more structure than is looked at.'))
      return
    }
    const units = itemsIn(root)
    if (!units) throw new FormatError(path, 'it is no array of units', 'units')
    findings.attributes = await inSlices(attributesOf(units), signal)
    findings.spikes = await inSlices(spikesIn(trainsOf(units), file.size, failures), signal)
  })
  return findings
}

function* attributesOf(units: readonly unknown[]): Steps<string[]> {
  const names = new Set<string>()
  for (const unit of units) {
    for (const name of attributeNames(partsOf(unit))) names.add(name)
    if (isDue()) yield
  }
  return [...names]
}

function* trainsOf(units: readonly unknown[]): Generator<unknown> {
  for (const unit of units) yield partsOf(unit).get('spike_train')
}
