/**
 * Metadata of SpikeGLX and Open Ephys with changes: each is refused with the documented error, or describes samples that the file has.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import t from 'tap'
import { describeOpenEphys } from '../../lib/sources/open-ephys.js'
import type { DescribedRaw } from '../../lib/sources/raw-layout.js'
import { describeSpikeGlx } from '../../lib/sources/spikeglx.js'
import { adcStream, boardStream, probeStream, writeOpenEphys } from '../support/open-ephys.js'
import { fc } from '../support/property.js'
import { metaText, nidqMeta, oneBoxMeta, probe1Meta, probe2Meta, writeSpikeGlx } from '../support/spikeglx.js'

const dir = t.testdir()

/** A place in a text, as a part of its length, how many characters give way there, and to what. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(12),
  added: fc.constantFrom(
    '',
    '\n',
    '=',
    ',',
    ':',
    ';',
    '(',
    ')',
    '-1',
    '0',
    '9'.repeat(20),
    '1e308',
    '\0',
    '"',
    '{',
    '[',
    '..',
    '/',
    'null',
    'x',
  ),
})
const changes = fc.array(change, { minLength: 1, maxLength: 4 })
type Changes = readonly { at: number; removed: number; added: string }[]

const changed = (text: string, changes: Changes) =>
  changes.reduce((text, { at, removed, added }) => {
    const start = Math.floor(at * text.length)
    return text.slice(0, start) + added + text.slice(start + removed)
  }, text)

/** Throws unless all samples are in the file, and the facts make sense. */
async function checked(describing: Promise<DescribedRaw>, codes: readonly string[]): Promise<void> {
  const described = await describing.catch((error: { code: string }) => {
    if (!codes.includes(error.code)) throw error
  })
  if (!described) return
  const { layout, facts } = described
  const { offset, channels, samples, stride, size, path } = layout
  const isInside = channels >= 1 && offset / 2 + channels <= stride && samples * stride * 2 === size
  if (!isInside || !path.startsWith(dir + sep)) throw new Error(`layout: ${JSON.stringify(layout)}`)
  const { rateKHz = 0, conversion = 1, channelConversion = Array<number>(channels).fill(1), channelNames = Array<string>(channels) } = facts
  const isPositive = [rateKHz, conversion, ...channelConversion].every((number) => number > 0 && number < Infinity)
  if (!isPositive || channelConversion.length !== channels || channelNames.length !== channels) {
    throw new Error(`facts: ${JSON.stringify(facts)}`)
  }
}

t.test('SpikeGLX', async (t) => {
  const bin = join(dir, 'run.bin')
  const metas = [probe1Meta('ap', 3), probe1Meta('lf', 3), probe2Meta(3), nidqMeta(), oneBoxMeta()]
  await fc.assert(
    fc.asyncProperty(fc.tuple(fc.constantFrom(...metas), changes), async ([meta, changes]) => {
      writeSpikeGlx(bin, meta, 7)
      writeFileSync(join(dir, 'run.meta'), changed(metaText(meta), changes))
      await checked(describeSpikeGlx(bin, 'run.bin'), ['ERR_INVALID_FILE'])
    }),
  )
  t.pass('changed')
})

t.test('Open Ephys', async (t) => {
  const folder = join(dir, 'recording1')
  const structure = join(folder, 'structure.oebin')
  const streams = [boardStream(), probeStream('AP', 3), adcStream()]
  writeOpenEphys(folder, streams, 7)
  const text = readFileSync(structure, 'utf8')
  const names = streams.map(({ stream_name }) => stream_name)
  await fc.assert(
    fc.asyncProperty(fc.tuple(fc.constantFrom(...names, undefined), changes), async ([name, changes]) => {
      writeFileSync(structure, changed(text, changes))
      // A name that has changed is that of no folder, or that of no stream.
      await checked(describeOpenEphys(structure, structure, name), [
        'ERR_INVALID_FILE',
        'ERR_INVALID_ARG_VALUE',
        'ENOENT',
        'ENOTDIR',
        'ENAMETOOLONG',
      ])
    }),
  )
  t.pass('changed')
})
