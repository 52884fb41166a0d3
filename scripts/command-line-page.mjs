/**
 * Writes docs/command-line.md from the table of commands. test/cli/help.test.ts finds out when that was forgotten.
 *
 *     npm run setup && node scripts/command-line-page.mjs
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { page } from '../dist/cli/help.js'
import { root } from './setup/shell.mjs'

writeFileSync(join(root, 'docs/command-line.md'), await page())
