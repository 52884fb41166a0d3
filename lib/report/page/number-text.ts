/**
 * Numbers as people read them.
 */

export function count(number: number): string {
  return number.toLocaleString('en')
}

/** A number of things, such as `1 unit` or `1,200 units`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`
}

/** Three digits, or all before the point. */
export function short(number: number): string {
  if (!Number.isFinite(number)) return '–'
  const digits = number === 0 ? 0 : Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(number))), 0), 4)
  return number.toLocaleString('en', { maximumFractionDigits: digits })
}

export function seconds(ms: number): string {
  return (ms / 1000).toLocaleString('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 }).replace('-', '−')
}

/** A part of a whole in percent; a dash where there is no whole. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${short((100 * part) / whole)} %` : '–'
}
