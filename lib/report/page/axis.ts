/**
 * Where the ticks of an axis are, and what they are labelled with.
 */

/** Steps of a decade, of which one is taken. */
const STEPS = [1, 2, 5, 10] as const

const MOST_DIGITS = 20

export interface Axis {
  readonly ticks: readonly number[]
  /** Digits after the decimal point. */
  readonly digits: number
}

/** Round numbers in a range, with at most `most` steps between them. */
export function axisFor(from: number, to: number, most: number): Axis {
  const span = to - from
  if (!(span > 0) || !(most >= 1)) return { ticks: [from], digits: 0 }
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = power * (STEPS.find((each) => span / (each * power) <= most) ?? 10)
  const digits = Math.min(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), MOST_DIGITS)
  const first = Math.ceil(from / step - 1e-9)
  const ticks: number[] = []
  // By whole steps, as sums of fractions drift; and no more of them than there may be, as they do not grow in very large numbers.
  for (let i = 0; i <= most; i++) {
    const tick = (first + i) * step
    if (tick <= to + span * 1e-9) ticks.push(Number(tick.toFixed(digits)))
  }
  return { ticks, digits }
}

export function tickText(value: number, { digits }: Axis): string {
  return value.toFixed(digits).replace('-', '−')
}
