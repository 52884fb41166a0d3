/**
 * What is checked of every recording, of any format.
 */
import type { TimeSurvey } from '../engine/native-spike-trains.js'
import { runJob } from '../engine/run-job.js'
import { quoted } from '../errors.js'
import type { Findings } from '../jobs/findings.js'
import type { ValidationFinding } from '../jobs/validation.js'
import { finding } from '../jobs/validation.js'
import type { SpikeData } from '../model/spike-data.js'
import { whileOpen } from '../model/spike-data.js'
import { UNIT_ID } from '../recording/unit-id.js'
import type { Steps } from '../steps.js'
import { inSlices, isDue } from '../steps.js'

/** What is found of a recording. */
export interface CheckedRecording {
  readonly units: number
  readonly spikes: number
  readonly unitsWithoutSpikes: number
  readonly spikesAtEnd: number
  readonly findings: ValidationFinding[]
}

/**
 * Checks a recording that was loaded: the loader has refused times that are not finite and those outside of the window.
 *
 * @param found - what {@link inspect} says of its file; undefined where that is about several recordings
 * @param object - its path in a file of several
 */
export async function checkRecording(
  sd: SpikeData,
  found: Findings | undefined,
  object: string | undefined,
  signal: AbortSignal | undefined,
): Promise<CheckedRecording> {
  const end = sd.startTime + sd.length
  const survey = await whileOpen([sd], () => runJob(() => sd.nativeTrains.survey(end), signal))
  const ids = await inSlices(repeatedId(sd), signal)
  const findings = [...countFindings(sd, found), ...timeFindings(sd, survey)]
  if (ids !== undefined) findings.push(finding('IDS_REPEATED', `Units ${ids.first} and ${ids.second} have the same id, ${ids.id}.`))
  return {
    units: sd.N,
    spikes: sd.spikeCount,
    unitsWithoutSpikes: survey.emptyUnits,
    spikesAtEnd: survey.atEnd,
    findings: object === undefined ? findings : findings.map((each) => ({ ...each, object })),
  }
}

/** Numbers that the file states otherwise than it has. */
function countFindings(sd: SpikeData, found: Findings | undefined): ValidationFinding[] {
  const counts = [
    ['units', found?.units, sd.N],
    ['spikes', found?.spikes, sd.spikeCount],
  ] as const
  return counts.flatMap(([name, stated, read]) =>
    stated === undefined || stated === read ? [] : finding('COUNTS_DIFFER', `The file states ${stated} ${name}, and ${read} were read.`),
  )
}

function timeFindings(sd: SpikeData, { repeated, repeatingUnits, firstRepeating }: TimeSurvey): ValidationFinding[] {
  const findings: ValidationFinding[] = []
  const { firstReordered } = sd
  if (firstReordered !== undefined) {
    findings.push(
      finding('SPIKES_UNORDERED', `The times of units are not in order: loading sorts them. The first such unit is ${firstReordered}.`),
    )
  }
  if (repeated > 0) {
    const spikes = repeated === 1 ? 'A spike is' : `${repeated} spikes are`
    const units = repeatingUnits === 1 ? `unit ${firstRepeating}` : `${repeatingUnits} units, the first of them ${firstRepeating}`
    const message = `${spikes} at the same time as the one before in the same unit: in ${units}.`
    findings.push(finding('SPIKES_REPEATED', message))
  }
  return findings
}

/** The first id that several units have. */
function* repeatedId(sd: SpikeData): Steps<{ id: string; first: number; second: number } | undefined> {
  const seen = new Map<string, number>()
  for (const [unit, attributes] of (sd.neuronAttributes ?? []).entries()) {
    const id = attributes[UNIT_ID]
    if (typeof id === 'number' || typeof id === 'bigint' || typeof id === 'string') {
      // A text is another id than the number that it spells.
      const key = `${typeof id === 'string' ? 't' : 'n'}${id}`
      const first = seen.get(key)
      if (first !== undefined) return { id: typeof id === 'string' ? quoted(id) : String(id), first, second: unit }
      seen.set(key, unit)
    }
    if (isDue()) yield
  }
  return undefined
}
