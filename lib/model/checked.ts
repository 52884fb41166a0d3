/**
 * What a constructor takes from code of this package that has checked everything in steps already.
 */

/** Whether a value is {@link Checked}. Never calls the traps of a proxy. */
export let isChecked: <T>(value: unknown) => value is Checked<T>

/** The fields of an object, all checked. */
export class Checked<T> {
  readonly #brand = true
  static {
    isChecked = <U>(value: unknown): value is Checked<U> => #brand in Object(value)
  }

  constructor(readonly fields: T) {}
}
