/**
 * The JSON of SpikeLab: its arrays become arrays again.
 */
import type { JsonForm } from '../../../files/json.js'
import { parsedJson } from '../../../files/json.js'
import type { Steps } from '../../../steps.js'
import { wholeFloat } from '../../pickle/values.js'
import { arrayFrom } from './json-arrays.js'

/**
 * The value of a text.
 *
 * @param pieces - the text, in pieces that are read one after the other
 * @param isPlain - whether floats that are whole are plain numbers, and not marked
 * @param fail - makes the error for a text that is no JSON
 */
export function spikelabJson(pieces: readonly string[], isPlain: boolean, fail: (problem: string) => Error): Steps<unknown> {
  const form: JsonForm = {
    float: isPlain ? (number) => number : wholeFloat,
    // Its values come next, and become elements.
    isArray: (key, value) => key === '__ndarray__' && value === true,
    array: (object) => arrayFrom(object, fail),
  }
  return parsedJson(pieces, form, fail)
}
