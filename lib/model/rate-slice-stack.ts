import type { ExportWarning } from '../engine/warnings.js'
import { emitWarning } from '../engine/warnings.js'
import { invalidType, invalidValue } from '../errors.js'
import { pin } from '../memory/buffers.js'
import type { NDArray } from '../memory/ndarray.js'
import { isNDArray } from '../memory/ndarray.js'
import type { OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, positiveNumber } from '../options/checks.js'
import type { NeuronAttributes, PlainObject } from '../recording/attributes.js'
import { neuronAttributesFor, requireCount } from '../recording/attributes.js'
import type { TimeWindow } from '../recording/windows.js'
import { sliceWindows } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce, listInSteps } from '../steps.js'
import { Checked, isChecked } from './checked.js'

/** Options of {@link RateSliceStack}. */
export interface RateSliceStackOptions {
  /** The window of each slice, `[start, end]` in ms, all of one duration. Default: adjoining from 0 ms on. */
  times?: readonly TimeWindow[] | null | undefined
  /** The width of a time bin in ms. Default 1. */
  stepSize?: number | null | undefined
  /** One object for each unit. */
  neuronAttributes?: readonly PlainObject[] | null | undefined
}

const OPTIONS: OptionNames<RateSliceStackOptions> = { times: true, stepSize: true, neuronAttributes: true }

/** Checks the brand of a {@link RateSliceStack}, a private field: rejects proxies and look-alikes. */
export let isRateSliceStack: (value: unknown) => value is RateSliceStack

/** Firing rates in slices of a recording (bursts, events): units × time bins × slices, SpikeLab's `RateSliceStack`. Frozen. */
export class RateSliceStack {
  /** The rates, units × time bins × slices. */
  readonly eventStack: NDArray
  /** The window of each slice, `[start, end]` in ms, ascending. */
  readonly times: readonly TimeWindow[]
  /** The width of a time bin in ms. */
  readonly stepSize: number
  /** One object for each unit, or null. */
  readonly neuronAttributes: readonly NeuronAttributes[] | null

  readonly #brand = true
  static {
    isRateSliceStack = (value): value is RateSliceStack => #brand in Object(value)
  }

  /**
   * Creates a stack of rates. The numbers stay in the caller's array.
   *
   * @param eventStack - rates, units × time bins × slices, of any numeric dtype; not copied
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, a stack that has not exactly three axes, has no time bin or no slice, is on a buffer that
   *   native code cannot rely on (shared, resizable, frozen, memory of WebAssembly) or was transferred; for times or attributes of the
   *   wrong number; for windows that end before they start or differ in duration; for a step size that is not finite and above 0
   */
  constructor(eventStack: NDArray, options?: RateSliceStackOptions)
  /** @internal */
  constructor(checked: Checked<Fields>)
  constructor(given: NDArray | Checked<Fields>, options?: RateSliceStackOptions) {
    const { fields } = isChecked<Fields>(given) ? given : atOnce(checkedFields(given, optionsFrom(options, OPTIONS)))
    this.eventStack = fields.eventStack
    this.times = fields.times
    this.stepSize = fields.stepSize
    this.neuronAttributes = fields.neuronAttributes
    Object.freeze(this)
    fields.warnings.forEach(emitWarning)
  }

  /** @internal The same in steps, for many slices. */
  static *made(eventStack: NDArray, options: RateSliceStackOptions): Steps<RateSliceStack> {
    return new RateSliceStack(yield* checkedFields(eventStack, options))
  }
}

interface Fields {
  readonly eventStack: NDArray
  readonly times: readonly TimeWindow[]
  readonly stepSize: number
  readonly neuronAttributes: readonly NeuronAttributes[] | null
  readonly warnings: readonly ExportWarning[]
}

function* checkedFields(eventStack: NDArray, { times, stepSize, neuronAttributes }: RateSliceStackOptions): Steps<Checked<Fields>> {
  if (!isNDArray(eventStack)) throw invalidType('an NDArray', 'eventStack', eventStack)
  const [unitCount, bins, slices] = eventStack.shape as [number, number, number]
  if (eventStack.shape.length !== 3 || bins === 0 || slices === 0) {
    throw invalidValue('units × time bins × slices with at least one bin and one slice', 'eventStack.shape', eventStack.shape)
  }
  const binMs = positiveNumber(stepSize ?? 1, 'stepSize', 'a width in ms')
  pin(eventStack.data, 'eventStack')
  const warnings: ExportWarning[] = []
  const windows = yield* isMissing(times) ? adjoiningWindows(slices, bins * binMs) : sliceWindows(times, warnings)
  requireCount(slices, 'slice', windows, 'times')
  const attributes = yield* neuronAttributesFor(unitCount, neuronAttributes)
  return new Checked({ eventStack, times: windows, stepSize: binMs, neuronAttributes: attributes, warnings })
}

/** Adjoining windows from 0 ms on. */
function* adjoiningWindows(count: number, duration: number): Steps<readonly TimeWindow[]> {
  return Object.freeze(yield* listInSteps(count, (i) => Object.freeze([i * duration, (i + 1) * duration] as const)))
}
