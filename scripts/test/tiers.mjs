/**
 * What `npm test` is made of: tiers, each of which runs alone by `npm run test:NAME`. What all of them need is the addon and dist.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/shell.mjs'

/**
 * By name: the folders of test/ that a tier's files are in, and the occasions of set-up that it needs besides.
 * @type {Record<string, { folders: string[], needs: (keyof typeof import('../setup/system.mjs').NEEDS)[] }>}
 */
export const TIERS = {
  unit: { folders: ['unit', 'engine'], needs: [] },
  formats: { folders: ['formats'], needs: [] },
  cli: { folders: ['cli'], needs: [] },
  report: { folders: ['report'], needs: ['report'] },
  batch: { folders: ['batch'], needs: ['batch'] },
  native: { folders: ['native'], needs: ['compile', 'native'] },
  interop: { folders: ['interop'], needs: ['interop'] },
  timing: { folders: ['timing'], needs: [] },
  reliability: { folders: ['reliability'], needs: ['compile'] },
  package: { folders: ['package'], needs: ['compile'] },
}

/**
 * The test files of a tier.
 * @param {string} tier
 */
export function filesOf(tier) {
  /** @param {string} folder */
  const inFolder = (folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
  return TIERS[tier].folders.flatMap((folder) => inFolder(`test/${folder}`)).filter((file) => file.endsWith('.test.ts'))
}
