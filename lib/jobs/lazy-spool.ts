/**
 * The spool of a loader's call.
 */
import type { GivenLazy } from '../recording/lazy-loading.js'
import { LazySpool, lazySpoolOptions } from '../recording/lazy-loading.js'
import { writableFolder } from '../storage/local.js'

/**
 * Where spikes are kept; undefined where they are to be in memory. Close it in the end.
 *
 * @throws TypeError, RangeError for options that make no sense
 * @throws Error with `ERR_ACCESS_DENIED` where Node's permission model does not let this process write there
 */
export function lazySpool(given: GivenLazy): LazySpool | undefined {
  const checked = lazySpoolOptions(given)
  if (!checked) return undefined
  return new LazySpool({ ...checked, spoolFolder: writableFolder(checked.spoolFolder) }, given.signal)
}
