/**
 * How errors name a value inside another.
 */
import { inspect } from 'node:util'

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** A path such as `metadata.probe.channels[3]`, from the keys that lead to a value; `value` without any. */
export function valuePath(keys: readonly unknown[]): string {
  if (keys.length === 0) return 'value'
  return keys.map(part).join('').replace(/^\./, '')
}

function part(key: unknown): string {
  return typeof key === 'string' && IDENTIFIER.test(key) ? `.${key}` : `[${inspect(key, { depth: 0, maxStringLength: 80 })}]`
}
