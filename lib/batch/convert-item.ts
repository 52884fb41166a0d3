/**
 * Converts one recording of a batch to all its targets.
 */
import type { ExportWarning } from '../engine/warnings.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Conversion, Target } from './conversion.js'
import { failureFrom } from './failure.js'
import { findingsOf, loadInput } from './input.js'
import type { Failure } from './journal.js'
import type { Step } from './progress.js'
import { loadingStep, writingStep } from './progress.js'
import type { Manner } from './target.js'
import { rawDataLeftOut, writeTarget } from './target.js'

/** What became of one target. */
export type Made =
  | {
      readonly status: 'done'
      readonly paths: readonly string[]
      readonly units: number
      readonly spikes: number
      readonly bytesWritten: number
      readonly elapsedMs: number
      readonly warnings: readonly ExportWarning[]
    }
  | { readonly status: 'failed'; readonly error: Failure; readonly elapsedMs: number }

/**
 * Loads the recording once, and exports it to one target after the other, also behind one that fails.
 *
 * @returns what became of each target
 * @throws the signal's reason
 */
export async function convertItem(
  conversion: Conversion,
  manner: Manner,
  signal: AbortSignal,
  onStep: (step: Step) => void,
): Promise<Made[]> {
  const startedAt = performance.now()
  const warnings: ExportWarning[] = []
  const { threads } = manner
  const onWarning = (warning: ExportWarning) => warnings.push(warning)
  let sd: SpikeData
  try {
    const found = await findingsOf(conversion, signal)
    const onProgress = (progress: Parameters<typeof loadingStep>[0]) => onStep(loadingStep(progress))
    sd = await loadInput(conversion, found, { ...(threads !== undefined && { threads }), signal, onProgress, onWarning })
    const leftOut = rawDataLeftOut(found, sd)
    if (leftOut) warnings.push(leftOut)
  } catch (error) {
    signal.throwIfAborted()
    return conversion.targets.map(() => failed(error, startedAt))
  }
  try {
    const made: Made[] = []
    for (const target of conversion.targets) made.push(await madeFrom(sd, target, warnings, manner, signal, onStep))
    return made
  } finally {
    await sd.close()
  }
}

async function madeFrom(
  sd: SpikeData,
  target: Target,
  loaded: readonly ExportWarning[],
  manner: Manner,
  signal: AbortSignal,
  onStep: (step: Step) => void,
): Promise<Made> {
  const startedAt = performance.now()
  try {
    const { paths, bytesWritten, warnings } = await writeTarget(sd, target, {
      ...manner,
      signal,
      onProgress: (progress) => onStep(writingStep(progress)),
    })
    const counts = { units: sd.N, spikes: sd.spikeCount, bytesWritten, elapsedMs: performance.now() - startedAt }
    return { status: 'done', paths, ...counts, warnings: [...loaded, ...warnings] }
  } catch (error) {
    signal.throwIfAborted()
    return failed(error, startedAt)
  }
}

function failed(error: unknown, startedAt: number): Made {
  return { status: 'failed', error: failureFrom(error), elapsedMs: performance.now() - startedAt }
}
