/**
 * Replaces an export by another, again and again, until the process is killed.
 *
 *     node replace.mjs NAME PATH
 */
import { EXPORTS, recording } from './exports.mjs'

const [name, path] = process.argv.slice(2)
const recordings = [recording(60_000, 0), recording(60_000, 1)]
for (let i = 0; ; i++) {
  await EXPORTS[name](recordings[i % 2], path, {})
  if (i === 1) process.stdout.write('replacing\n')
}
