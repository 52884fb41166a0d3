/**
 * Takes from the tests that measure time the hook by which tap follows each promise to the test that made it: what makes many promises
 * took ten times as long with it. An error outside of a test still fails its file, without the test's name. .taprc puts this into every
 * test, before tap.
 */
import async_hooks from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import { fileURLToPath } from 'node:url'

const TIMING = fileURLToPath(new URL('../../test/timing/', import.meta.url))

if (process.argv[1]?.startsWith(TIMING)) {
  const { createHook } = async_hooks
  // Of all that run in these processes, only tap's hook is told of promises that are gone.
  async_hooks.createHook = (callbacks) => createHook(callbacks.destroy ? {} : callbacks)
  syncBuiltinESMExports()
}
