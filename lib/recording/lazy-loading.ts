/**
 * Loaders that keep spikes on the disk: their options, and the recording of what they have put into a spool.
 */
import { runJob } from '../engine/run-job.js'
import type { OptionNames } from '../options/checks.js'
import { optionalBoolean, refuseOptions } from '../options/checks.js'
import { inSlices } from '../steps.js'
import type { LoadedRecording, LoadedSpikes, LoadedWindow } from './loaded-spikes.js'
import { lengthUpTo, loadedRecording, nearlyIn, widenedWindow } from './loaded-spikes.js'
import type { CheckedSpool, SpoolOptions } from './spike-batches.js'
import { checkedSpool, ready } from './spike-batches.js'
import type { SpikeDataOptions, TrainProblem } from './spike-data-builder.js'
import { draft, Recording, settle, windowOf } from './spike-data-builder.js'
import { SpikeSpool } from './spike-spool.js'
import type { ValueColumn } from './spike-values.js'
import type { SpooledTrains } from './spooled-trains.js'
import { spooledTrains } from './spooled-trains.js'

/** Spikes stay on the disk. */
export interface LazySpikes extends Pick<SpoolOptions, 'spoolFolder' | 'maxMemory'> {
  /**
   * Whether spikes stay on the disk, in the file itself or as those of {@link SpikeData.fromBatches} do: memory is bounded however many there
   * are. Default false.
   */
  lazy: true
}

/** Spikes are read into memory. */
export interface SpikesInMemory {
  /**
   * Whether spikes stay on the disk, in the file itself or as those of {@link SpikeData.fromBatches} do: memory is bounded however many there
   * are. Default false.
   */
  lazy?: false | undefined
  /** Only with `lazy`. */
  spoolFolder?: undefined
  /** Only with `lazy`. */
  maxMemory?: undefined
}

/** Where a loader keeps spikes. `spoolFolder` and `maxMemory` without `lazy` neither compile nor run. */
export type LazyLoading = LazySpikes | SpikesInMemory

/** The same where each may be missing. */
export interface GivenLazy extends Pick<SpoolOptions, 'spoolFolder' | 'maxMemory' | 'signal'> {
  lazy?: boolean | undefined
}

export const LAZY_OPTIONS: OptionNames<LazyLoading> = { lazy: true, spoolFolder: true, maxMemory: true }

/** Where a loader keeps spikes that are not in memory: in the file where they are, or in a spool. They are its own until they are kept. */
export class LazySpool {
  readonly #settings: CheckedSpool
  readonly #signal: AbortSignal | undefined
  #spool: SpikeSpool | undefined
  /** Trains that stay in the file, until they are kept. */
  #trains: SpooledTrains | undefined

  constructor(settings: CheckedSpool, signal: AbortSignal | undefined) {
    this.#settings = settings
    this.#signal = signal
  }

  /**
   * Makes the spool. Once.
   *
   * @param N - the number of units; undefined where the highest that comes decides
   * @param values - what comes with each spike
   */
  open(N: number | undefined, values: readonly ValueColumn[] = []): SpikeSpool {
    const { spoolFolder, maxMemory } = this.#settings
    return (this.#spool = new SpikeSpool({ N, folder: spoolFolder, maxMemory, values }, this.#signal))
  }

  /**
   * Lets a job fill spike trains whose times stay in the file.
   *
   * @param values - of each spike, which stay there as well
   * @returns the spikes; undefined where the job says that they cannot
   */
  async stay(fill: (into: SpooledTrains) => Promise<boolean>, values: readonly ValueColumn[] = []): Promise<StayingSpikes | undefined> {
    const trains = spooledTrains(values)
    this.#trains = trains
    return (await fill(trains)) ? { trains, unitCount: trains.native.unitCount } : undefined
  }

  /** Leaves what was loaded to the caller of the loader. */
  keep(): void {
    this.#trains = undefined
    this.#spool?.keep()
  }

  /** Frees what was not kept. */
  async close(): Promise<void> {
    await this.#trains?.lifetime.close()
    await this.#spool?.close()
  }
}

/**
 * Checks the options.
 *
 * @returns where spikes are kept; undefined where they are to be in memory
 * @throws TypeError, RangeError for options that make no sense
 */
export function lazySpoolOptions(given: GivenLazy): CheckedSpool | undefined {
  optionalBoolean(given.lazy, 'lazy')
  if (given.lazy) return checkedSpool(given)
  refuseOptions(given, ['spoolFolder', 'maxMemory'], 'as lazy is not true')
  return undefined
}

/** Spikes that a loader has put into a spool. */
export interface SpooledSpikes {
  readonly spool: SpikeSpool
  /** The first spike that was not taken, if there is one: nothing after it was. */
  readonly problem: TrainProblem | undefined
  /** The number of units, where it was known before the spikes were. */
  readonly unitCount?: number | undefined
  /** The unit in the spool of each unit of the recording, -1 for one without spikes; without it, they are the same. */
  readonly units?: Float64Array | undefined
}

/** Spikes that stay in the file, in order and finite. */
export interface StayingSpikes {
  readonly trains: SpooledTrains
  readonly unitCount: number
}

/** Spikes of a file that are not read into memory. */
export type LazilyLoaded = SpooledSpikes | StayingSpikes

/** The values of each spike that are on the disk with it. */
export function valuesWith(spikes: LoadedSpikes | LazilyLoaded): readonly ValueColumn[] {
  if ('times' in spikes) return []
  return ('spool' in spikes ? spikes.spool.values : spikes.trains.values) ?? []
}

/** Checks the spikes as those of a file that are in memory. */
async function lazyRecording(
  spikes: LazilyLoaded,
  options: SpikeDataOptions,
  { tolerance, endsAfterLast, canWiden = false }: LoadedWindow,
  signal: AbortSignal | undefined,
): Promise<LoadedRecording> {
  const isStaying = 'trains' in spikes
  if (!isStaying && spikes.problem) return { problem: spikes.problem }
  const units = isStaying ? undefined : spikes.units
  let window = windowOf(options)
  const trains = isStaying ? spikes.trains : await spikes.spool.sealed()
  const { native } = trains
  let selected = await runJob(() => native.select(units, window), signal)
  const { earliest, latest } = selected
  let moved = 0
  let isWidened = false
  if (selected.problem) {
    const [first, last] = nearlyIn(window, tolerance)
    if (earliest >= first && latest <= last) {
      const { startTime, length = Infinity } = window
      moved = await runJob(() => native.limit(startTime, startTime + length), signal)
    } else if (canWiden) {
      window = widenedWindow(window, earliest, latest)
      isWidened = true
    }
    selected = await runJob(() => native.select(undefined, window), signal)
  }
  if (selected.problem) return { problem: selected.problem }
  const unsealed = await inSlices(draft(native.unitCount, { ...options, ...window }, ready(trains)), signal)
  const settled = await inSlices(settle(unsealed, selected), signal)
  const isInferred = endsAfterLast && window.length === undefined
  const length = isInferred ? lengthUpTo(selected.latest, window.startTime) : settled.length
  return { recording: new Recording(trains, settled.options, length, settled.firstReordered), moved, isWidened }
}

/** The recording of a file's spikes, in memory or on the disk. */
export async function recordingOf(
  spikes: LoadedSpikes | LazilyLoaded,
  options: SpikeDataOptions,
  window: LoadedWindow,
  signal: AbortSignal | undefined,
): Promise<LoadedRecording> {
  return 'times' in spikes ? loadedRecording(spikes, options, window, signal) : lazyRecording(spikes, options, window, signal)
}
