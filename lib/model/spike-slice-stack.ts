import type { ExportWarning } from '../engine/warnings.js'
import { emitWarning } from '../engine/warnings.js'
import { invalidType, invalidValue } from '../errors.js'
import { copyOf } from '../memory/allocation.js'
import type { OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom } from '../options/checks.js'
import type { NeuronAttributes, PlainObject } from '../recording/attributes.js'
import { neuronAttributesFor, requireCount } from '../recording/attributes.js'
import type { TimeWindow } from '../recording/windows.js'
import { addNegativeStarts, sliceWindows } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce, isDue, listInSteps } from '../steps.js'
import { Checked, isChecked } from './checked.js'
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
  constructor(spikeStack: readonly SpikeData[], options?: SpikeSliceStackOptions)
  /** @internal */
  constructor(checked: Checked<Fields>)
  constructor(given: readonly SpikeData[] | Checked<Fields>, options?: SpikeSliceStackOptions) {
    const { fields } = isChecked<Fields>(given) ? given : atOnce(checkedFields(given, optionsFrom(options, OPTIONS)))
    this.N = fields.N
    this.spikeStack = fields.spikeStack
    this.#spikeCount = fields.spikeCount
    this.times = fields.times
    this.neuronAttributes = fields.neuronAttributes
    Object.freeze(this)
    fields.warnings.forEach(emitWarning)
  }

  /** @internal The same in steps, for many slices. */
  static *made(spikeStack: readonly SpikeData[], options: SpikeSliceStackOptions): Steps<SpikeSliceStack> {
    return new SpikeSliceStack(yield* checkedFields(spikeStack, options))
  }

  /** @internal The number of spikes of all slices. */
  get spikeCount(): number {
    return this.#spikeCount
  }
}

interface Fields {
  readonly N: number
  readonly spikeStack: readonly SpikeData[]
  readonly spikeCount: number
  readonly times: readonly TimeWindow[]
  readonly neuronAttributes: readonly NeuronAttributes[] | null
  readonly warnings: readonly ExportWarning[]
}

function* checkedFields(spikeStack: readonly SpikeData[], { times, neuronAttributes }: SpikeSliceStackOptions): Steps<Checked<Fields>> {
  const slices = yield* sliceList(spikeStack)
  const [{ N, startTime }] = slices as [SpikeData]
  let spikeCount = 0
  for (const slice of slices) {
    spikeCount += slice.spikeCount
    if (isDue()) yield
  }
  const warnings: ExportWarning[] = []
  const windows = yield* isMissing(times) ? adjoiningWindows(slices) : sliceWindows(times, warnings)
  if (startTime >= 0) yield* addNegativeStarts(warnings, windows)
  requireCount(slices.length, 'slice', windows, 'times')
  const attributes = yield* neuronAttributesFor(N, neuronAttributes)
  return new Checked({ N, spikeStack: slices, spikeCount, times: windows, neuronAttributes: attributes, warnings })
}

/** The slices as a list of their own, which can be stacked. */
function* sliceList(spikeStack: unknown): Steps<readonly SpikeData[]> {
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
    if (isDue()) yield
  }
  return Object.freeze(slices)
}

/** Adjoining windows from 0 ms on, each as long as its slice. */
function* adjoiningWindows(slices: readonly SpikeData[]): Steps<readonly TimeWindow[]> {
  let start = 0
  const windows = yield* listInSteps(slices.length, (i) => Object.freeze([start, (start += (slices[i] as SpikeData).length)] as const))
  return Object.freeze(windows)
}
