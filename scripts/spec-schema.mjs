/**
 * Writes lib/batch/spec/spec.schema.json from what formats describe, after `npm run setup`:
 *
 *     node scripts/spec-schema.mjs
 */
import { writeFileSync } from 'node:fs'
import { specSchema } from '../dist/batch/spec/schema.js'

writeFileSync(new URL('../lib/batch/spec/spec.schema.json', import.meta.url), `${JSON.stringify(specSchema(), undefined, 2)}\n`)
