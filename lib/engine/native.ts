/**
 * The typed seam to the addon. Native code knows containers and threads and no export format; it reports failures as plain
 * records, which become errors in failures.ts.
 */
import type { NativeAddon } from './encoded-addon.js'
import { encodedAddon } from './encoded-addon.js'
import { loadAddon } from './load-addon.js'
import type { Addon } from './native-addon.js'

export const addon: Addon = encodedAddon(loadAddon() as NativeAddon)

// process.exit() skips the addon's own clean-up hook. Copies of this module in one process share the addon.
if (!process.listeners('exit').includes(addon.shutDown)) process.on('exit', addon.shutDown)
