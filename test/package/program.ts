/**
 * A small program that uses the package, as both kinds of modules.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** It exports to the file that its argument names, then to S3: prints the error's code, or `uploaded`. */
const BODY = `
async function run(path) {
  const sd = new spikeport.SpikeData([[12.5, 40.25, 66], [], [5.5, 70.25]], { length: 100 })
  await spikeport.exportSpikeDataToHdf5(sd, path)
  const upload = spikeport.exportSpikeDataToHdf5(sd, 's3://bucket/key', { s3Upload: true })
  console.log(await upload.then(() => 'uploaded', ({ code }) => code))
}
run(process.argv[2])
`

/** Writes it into a folder as `program.mjs` and `program.cjs`. */
export function writeProgram(folder: string): void {
  writeFileSync(join(folder, 'program.mjs'), `import * as spikeport from 'spikeport'\n${BODY}`)
  writeFileSync(join(folder, 'program.cjs'), `const spikeport = require('spikeport')\n${BODY}`)
}

/** Stands for the AWS SDK in a folder's node_modules: it takes every upload and sends nothing. */
export function installSdk(folder: string): void {
  const modules = {
    'client-s3': `exports.S3Client = class { config = { region: async () => 'us-east-1' }; destroy() {} }`,
    'lib-storage': 'exports.Upload = class { async done() {} }',
  }
  for (const [name, code] of Object.entries(modules)) {
    const place = join(folder, 'node_modules/@aws-sdk', name)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: `@aws-sdk/${name}`, version: '3.999.0' }))
    writeFileSync(join(place, 'index.js'), code)
  }
}
