/**
 * How many bins a raster has.
 */

/**
 * The number of bins of `binSizeMs` that cover `lengthMs`: `ceil(length / bin − tol)` with
 * `tol = max(1e-9, |length / bin| · 4 · eps)`, so that a quotient a rounding error above a whole number makes no extra bin.
 *
 * @param lengthMs - the length of the window in ms, 0 or more
 * @param binSizeMs - the width of a bin in ms, more than 0
 */
export function rasterBins(lengthMs: number, binSizeMs: number): number {
  const quotient = lengthMs / binSizeMs
  const tolerance = Math.max(1e-9, Math.abs(quotient) * 4 * Number.EPSILON)
  return Math.max(0, Math.ceil(quotient - tolerance))
}
