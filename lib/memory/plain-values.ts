/**
 * Objects and numbers of JavaScript, as they are made from what a file or a caller holds.
 */

/** Sets a property of an object as an assignment does, also where the prototype has its name: `__proto__` would replace that. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name in object) Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  else object[name] = value
}

/** A bigint as a number where that is exact. */
export function shortest(value: number | bigint): number | bigint {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}
