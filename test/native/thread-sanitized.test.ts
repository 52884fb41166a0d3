/**
 * Whole exports under ThreadSanitizer, without Node, which is not built for it.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { build } from '../support/native-build.js'

const { folder, skip } = await build('native-threads', ['spikeport_export_tests'], '-fsanitize=thread -O1 -g1 -Wno-maybe-uninitialized')

// The sanitizer does not start where addresses are more random than it knows.
const fixedAddresses = ['setarch', ['--addr-no-randomize']] as const
const isFixed = await promisify(execFile)(fixedAddresses[0], [...fixedAddresses[1], 'true']).then(
  () => true,
  () => false,
)
// It runs on one thread, and is left to the other sanitizers.
const program = [`${folder}/test/native/spikeport_export_tests`, '--test-case-exclude=splitting:*']
const [command, ...args] = [...(isFixed ? fixedAddresses.flat() : []), ...program] as [string]
await t.spawn(command, args, { skip }, 'exports without Node')
