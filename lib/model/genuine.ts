/**
 * What tells an object that its class has made from one that only looks like it, such as a proxy, or an object with its prototype:
 * private fields. Each class here says of a value whether it has them, as nobody else can.
 */

/** Whether a value can have private fields at all. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
