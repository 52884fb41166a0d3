import { invalidType, invalidValue } from '../errors.js'
import type { Numbers } from '../memory/float64.js'
import { float64Copy, numbersCopy } from '../memory/float64.js'
import { isNDArray, NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { OptionNames } from '../options/checks.js'
import { optionalString, optionsFrom } from '../options/checks.js'
import type { NeuronAttributes } from '../recording/attributes.js'
import { neuronAttributesFor, requireCount } from '../recording/attributes.js'
import { atOnce } from '../steps.js'

/** What a {@link RateData} is made of besides its rates and times. */
export interface RateDataOptions {
  /** One object for each unit. */
  neuronAttributes?: readonly object[] | null | undefined
  /** The unit of the rates, such as `'Hz'`. */
  rateUnit?: string | null | undefined
}

const OPTIONS: OptionNames<RateDataOptions> = { neuronAttributes: true, rateUnit: true }

/** Checks the brand of a {@link RateData}, a private field: rejects proxies and look-alikes. */
export let isRateData: (value: unknown) => value is RateData

/** Instantaneous firing rates, units × times. The object is frozen. */
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
   * @param instFrateData - rates, units × times, of any numeric dtype; copied as float64
   * @param times - the time of each column in ms, never falling; copied with the dtype of a typed array, otherwise as float64
   * @throws TypeError for values of the wrong type
   * @throws RangeError for an unknown option, rates without exactly two axes, times or attributes of the wrong number, and times that are
   *   not finite or fall
   */
  constructor(instFrateData: NDArray, times: Numbers, options?: RateDataOptions) {
    const { neuronAttributes, rateUnit } = optionsFrom(options, OPTIONS)
    if (!isNDArray(instFrateData)) throw invalidType('an NDArray', 'instFrateData', instFrateData)
    if (instFrateData.shape.length !== 2) throw invalidValue('units × times', 'instFrateData.shape', instFrateData.shape)
    optionalString(rateUnit, 'rateUnit')
    const [unitCount, columns] = instFrateData.shape as [number, number]

    this.N = unitCount
    this.times = atOnce(numbersCopy(times, 'times'))
    requireCount(columns, 'column of instFrateData', this.times, 'times')
    requireAscending(this.times)
    this.neuronAttributes = atOnce(neuronAttributesFor(unitCount, neuronAttributes))
    this.rateUnit = rateUnit ?? null
    this.instFrateData = new NDArray(atOnce(float64Copy(instFrateData.data, 'instFrateData')), instFrateData.shape)
    Object.freeze(this)
  }
}

function requireAscending(times: NumericArray): void {
  for (const [i, time] of times.entries()) {
    if (!Number.isFinite(Number(time))) throw invalidValue('a finite time in ms', `entry ${i} of times`, time)
    const before = times[i - 1]
    if (before !== undefined && time < before) throw invalidValue(`a time of at least ${before} ms`, `entry ${i} of times`, time)
  }
}
