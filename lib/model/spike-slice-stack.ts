import type { ExportWarning } from '../engine/warnings.js'
import { emitWarning } from '../engine/warnings.js'
import { invalidType, invalidValue } from '../errors.js'
import { copyOf } from '../memory/allocation.js'
import type { OptionNames } from '../options/checks.js'
import { optionsFrom } from '../options/checks.js'
import type { NeuronAttributes, PlainObject } from '../recording/attributes.js'
import { neuronAttributesFor, requireCount } from '../recording/attributes.js'
import type { TimeWindow } from '../recording/windows.js'
import { addNegativeStarts, sliceWindows } from '../recording/windows.js'
import { atOnce } from '../steps.js'
import type { SpikeData } from './spike-data.js'
import { requireSpikeData } from './spike-data.js'

/** Options of {@link SpikeSliceStack}. */
export interface SpikeSliceStackOptions {
  /**
   * The window of each slice in the whole recording, `[start, end]` in ms, all of one duration. Default: adjoining
   * from 0 ms on, each as long as its slice.
   */
  times?: readonly TimeWindow[] | null | undefined
  /** One object for each unit; not taken from the slices. */
  neuronAttributes?: readonly PlainObject[] | null | undefined
}

const OPTIONS: OptionNames<SpikeSliceStackOptions> = { times: true, neuronAttributes: true }

/** Checks the brand of a {@link SpikeSliceStack}, a private field: rejects proxies and look-alikes. */
export let isSpikeSliceStack: (value: unknown) => value is SpikeSliceStack

/**
 * Slices of a recording (bursts, events), each a {@link SpikeData} with times relative to its slice.
 *
 * As in SpikeLab, attributes of units belong to the stack: those of the slices are not exported with it. The
 * stack is frozen.
 */
export class SpikeSliceStack {
  /** The number of units, the same in every slice. */
  readonly N: number
  /** The slices. */
  readonly spikeStack: readonly SpikeData[]
  /** The window of each slice in the whole recording, `[start, end]` in ms, ascending unless they are the default. */
  readonly times: readonly TimeWindow[]
  /** One object for each unit, or null. */
  readonly neuronAttributes: readonly NeuronAttributes[] | null

  readonly #spikeCount: number
  static {
    isSpikeSliceStack = (value): value is SpikeSliceStack => #spikeCount in Object(value)
  }

  /**
   * Creates a stack of slices.
   *
   * @param spikeStack - one recording for each slice, at least one, all with the same `N` and `startTime`
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, no slice, slices that differ in `N` or `startTime`, times or attributes of the wrong
   *   number, and windows that end before they start or differ in duration
   */
  constructor(spikeStack: readonly SpikeData[], options?: SpikeSliceStackOptions) {
    const { times, neuronAttributes } = optionsFrom(options, OPTIONS)
    const slices = sliceList(spikeStack)
    const [first] = slices as [SpikeData]
    this.N = first.N
    this.spikeStack = slices
    this.#spikeCount = slices.reduce((sum, { spikeCount }) => sum + spikeCount, 0)
    const warnings: ExportWarning[] = []
    this.times = times === undefined || times === null ? adjoiningWindows(slices) : sliceWindows(times, warnings)
    if (first.startTime >= 0) addNegativeStarts(warnings, this.times)
    requireCount(slices.length, 'slice', this.times, 'times')
    this.neuronAttributes = atOnce(neuronAttributesFor(this.N, neuronAttributes))
    Object.freeze(this)
    warnings.forEach(emitWarning)
  }

  /** @internal The number of spikes of all slices. */
  get spikeCount(): number {
    return this.#spikeCount
  }
}

/** The slices as a list of their own, which can be stacked. */
function sliceList(spikeStack: unknown): readonly SpikeData[] {
  if (!Array.isArray(spikeStack)) throw invalidType('an array of SpikeData', 'spikeStack', spikeStack)
  const { length } = spikeStack
  if (length === 0) throw invalidValue('at least one slice', 'spikeStack', spikeStack)
  const slices = copyOf<SpikeData>(spikeStack, length)
  const [first] = slices as [SpikeData]
  for (const [i, slice] of slices.entries()) {
    const name = `entry ${i} of spikeStack`
    requireSpikeData(slice, name)
    if (slice.N !== first.N) throw invalidValue(`${first.N} units, as entry 0 has,`, name, slice.N)
    if (slice.startTime !== first.startTime) {
      throw invalidValue(`a startTime of ${first.startTime} ms, as entry 0 has,`, name, slice.startTime)
    }
  }
  return Object.freeze(slices)
}

/** Adjoining windows from 0 ms on, each as long as its slice. */
function adjoiningWindows(slices: readonly SpikeData[]): readonly TimeWindow[] {
  let start = 0
  return Object.freeze(slices.map(({ length }) => Object.freeze([start, (start += length)] as const)))
}
