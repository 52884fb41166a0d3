/**
 * What a workspace does not hold as given: one warning of an export lists it all.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { MOST_LISTED } from '../../engine/warnings.js'
import { quoted } from '../../errors.js'
import { valuePath } from '../pickle/pickler.js'

/** The kinds of loss, in the words of the message. */
const LOSSES = {
  values: 'attributes of units are left out whose values no column holds',
  names: 'attributes of units are left out whose names no dataset can have',
  notNumbers: 'NaN is read as a missing value of the attributes',
  emptyTexts: 'an empty text is read as a missing value of the attributes',
  spikeValues: 'values of spikes on the disk are left out',
  labels: 'labels are left out that are neither all texts nor all numbers nor all booleans',
  rateUnit: 'units of rates are left out',
  tuples: 'tuples in metadata are read as lists',
} as const

type Loss = keyof typeof LOSSES

export class Losses {
  readonly #places = new Map<Loss, { first: string[]; count: number }>()

  /** @param keys - what leads to what is lost */
  add(loss: Loss, keys: readonly unknown[]): void {
    let places = this.#places.get(loss)
    if (!places) this.#places.set(loss, (places = { first: [], count: 0 }))
    if (places.count++ < MOST_LISTED) places.first.push(quoted(valuePath(keys)))
  }

  /** The warning, if anything is lost. */
  warnings(): ExportWarning[] {
    if (this.#places.size === 0) return []
    const parts = [...this.#places].map(([loss, { first, count }]) => {
      const more = count - first.length
      return `${LOSSES[loss]} (${first.join(', ')}${more > 0 ? ` and ${more} more` : ''})`
    })
    return [{ code: 'SPIKEPORT_WORKSPACE_LOST', message: `The workspace does not hold everything as given: ${parts.join('; ')}.` }]
  }
}
