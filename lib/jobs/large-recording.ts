/**
 * Which recordings stay on the disk while they are worked on.
 */
import type { Findings } from './findings.js'
import type { Reader } from './reader.js'

/** Recordings with as many spikes, 8 bytes each, are large. */
const MANY_SPIKES = 2e7

/** Options that leave the spikes of a large recording where they are, where its format can have that. @param found - undefined, not yet known */
export function lazyIfLarge(reader: Reader, found: Findings | undefined): { lazy?: true } {
  const canBeLazy = 'lazy' in reader.options && (reader.canBeLazy?.(found) ?? true)
  return canBeLazy && (found?.spikes ?? MANY_SPIKES) >= MANY_SPIKES ? { lazy: true } : {}
}
