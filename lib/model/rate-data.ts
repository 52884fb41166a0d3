import { invalidType, invalidValue } from '../errors.js'
import type { Numbers } from '../memory/float64.js'
import { float64Copy, numbersCopy } from '../memory/float64.js'
import { isNDArray, NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { OptionNames } from '../options/checks.js'
import { optionalString, optionsFrom } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import type { NeuronAttributes, PlainObject } from '../recording/attributes.js'
import { neuronAttributesFor, requireCount } from '../recording/attributes.js'
import type { Steps } from '../steps.js'
import { atOnce, inSlices, isDue } from '../steps.js'

/** Options of the constructor of {@link RateData}. */
export interface RateDataOptions {
  /** One object for each unit. */
  neuronAttributes?: readonly PlainObject[] | null | undefined
  /** The unit of the rates, such as `'Hz'`. */
  rateUnit?: string | null | undefined
}

/** Options of {@link RateData.create}. */
export interface RateCreateOptions extends RateDataOptions {
  /** Stops the call: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

const OPTIONS: OptionNames<RateDataOptions> = { neuronAttributes: true, rateUnit: true }
const CREATE_OPTIONS: OptionNames<RateCreateOptions> = { ...OPTIONS, signal: true }

/** Checks the brand of a {@link RateData}, a private field: rejects proxies and look-alikes. */
export let isRateData: (value: unknown) => value is RateData

/** Instantaneous firing rates, units × times, SpikeLab's `RateData`. Frozen. */
export class RateData {
  /** The number of units. */
  readonly N: number
  /** The rates, units × times. */
  readonly instFrateData: NDArray<Float64Array>
  /** The time of each column in ms, with the dtype it was given in; below 0 where the data is centred on an event. */
  readonly times: NumericArray
  /** One object for each unit, or null. */
  readonly neuronAttributes: readonly NeuronAttributes[] | null
  /** The unit of the rates, or null. */
  readonly rateUnit: string | null

  readonly #brand = true
  static {
    isRateData = (value): value is RateData => #brand in Object(value)
  }

  /**
   * Copies and checks rates and times: linear in the rates. {@link RateData.create} does so without blocking the event loop.
   *
   * @param instFrateData - rates, units × times, of any numeric dtype; copied as float64
   * @param times - the time of each column in ms, never falling; copied with the dtype of a typed array, otherwise as float64
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, rates without exactly two axes, times or attributes of the wrong number, and times that are
   *   not finite or fall
   */
  constructor(instFrateData: NDArray, times: Numbers, options?: RateDataOptions)
  /** @internal */
  constructor(checked: Rates)
  constructor(given: NDArray | Rates, times?: Numbers, options?: RateDataOptions) {
    const rates = isRates(given) ? given : atOnce(ratesFrom(given, times as Numbers, optionsFrom(options, OPTIONS)))
    this.N = rates.data.shape[0] as number
    this.times = rates.times
    this.neuronAttributes = rates.neuronAttributes
    this.rateUnit = rates.rateUnit
    this.instFrateData = rates.data
    Object.freeze(this)
  }

  /**
   * Copies and checks rates and times as the constructor does, without blocking the event loop: in slices of about a millisecond. Do not
   * change the arrays until the promise settles.
   *
   * @param instFrateData - rates, units × times, of any numeric dtype; copied as float64
   * @param times - the time of each column in ms, never falling; copied with the dtype of a typed array, otherwise as float64
   * @param options - those of the constructor; and `signal`, which stops the call
   * @returns a promise of the rates
   * @throws what the constructor throws, or the signal's reason
   */
  static async create(instFrateData: NDArray, times: Numbers, options?: RateCreateOptions): Promise<RateData> {
    const { signal, ...given } = optionsFrom<RateCreateOptions>(options, CREATE_OPTIONS)
    checkCallbacks({ signal })
    signal?.throwIfAborted()
    const rates = await inSlices(ratesFrom(instFrateData, times, given), signal)
    signal?.throwIfAborted()
    return new RateData(rates)
  }
}

/** Whether a value is {@link Rates}. Never calls the traps of a proxy. */
let isRates: (value: unknown) => value is Rates

/** Rates that are all checked. */
class Rates {
  readonly #isChecked = true
  static {
    isRates = (value): value is Rates => #isChecked in Object(value)
  }

  constructor(
    readonly data: NDArray<Float64Array>,
    readonly times: NumericArray,
    readonly neuronAttributes: readonly NeuronAttributes[] | null,
    readonly rateUnit: string | null,
  ) {}
}

function* ratesFrom(instFrateData: NDArray, times: Numbers, { neuronAttributes, rateUnit }: RateDataOptions): Steps<Rates> {
  if (!isNDArray(instFrateData)) throw invalidType('an NDArray', 'instFrateData', instFrateData)
  if (instFrateData.shape.length !== 2) throw invalidValue('units × times', 'instFrateData.shape', instFrateData.shape)
  optionalString(rateUnit, 'rateUnit')
  const [unitCount, columns] = instFrateData.shape as [number, number]
  const copied = yield* numbersCopy(times, 'times')
  requireCount(columns, 'column of instFrateData', copied, 'times')
  yield* requireAscending(copied)
  const attributes = yield* neuronAttributesFor(unitCount, neuronAttributes)
  const data = new NDArray(yield* float64Copy(instFrateData.data, 'instFrateData'), instFrateData.shape)
  return new Rates(data, copied, attributes, rateUnit ?? null)
}

function* requireAscending(times: NumericArray): Steps<void> {
  for (const [i, time] of times.entries()) {
    if (!Number.isFinite(Number(time))) throw invalidValue('a finite time in ms', `entry ${i} of times`, time)
    const before = times[i - 1]
    if (before !== undefined && time < before) throw invalidValue(`a time of at least ${before} ms`, `entry ${i} of times`, time)
    if (isDue()) yield
  }
}
