/**
 * The dtypes of arrays, as numpy combines them.
 */

/** The dtype of an array that `numpy.array` makes of two of these: `numpy.promote_types`. */
export function promotedDtype(a: string, b: string): string {
  if (a === b) return a
  const [kindA, kindB] = [a[1], b[1]]
  const [sizeA, sizeB] = [Number(a[2]), Number(b[2])]
  if (kindA === kindB) return sizeA > sizeB ? a : b
  if (kindA === 'f' || kindB === 'f') {
    const sizes = [a, b].map((dtype) => (dtype[1] === 'f' ? Number(dtype[2]) : Number(dtype[2]) > 2 ? 8 : 4))
    return `<f${Math.max(...sizes)}`
  }
  const [signed, signedSize, unsignedSize] = kindA === 'i' ? [a, sizeA, sizeB] : [b, sizeB, sizeA]
  if (signedSize > unsignedSize) return signed
  return unsignedSize === 8 ? '<f8' : `<i${2 * unsignedSize}`
}
