/**
 * What the `.meta` file of SpikeGLX says of the samples beside it: every device, and files that are not what they should be.
 */
import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describeSpikeGlx, metaPathOf } from '../../lib/sources/spikeglx.js'
import type { MetaValues } from '../support/spikeglx.js'
import { metaText, nidqMeta, oneBoxMeta, probe1Meta, probe2Meta, tableOf, writeSpikeGlx } from '../support/spikeglx.js'

const dir = t.testdir()
const bin = join(dir, 'run_g0_t0.imec0.ap.bin')
const NAME = 'data/run_g0_t0.imec0.ap.bin'
const META = 'data/run_g0_t0.imec0.ap.meta'

/** What is said of a recording of seven samples. */
function described(meta: MetaValues) {
  writeSpikeGlx(bin, meta, 7)
  return describeSpikeGlx(bin, NAME)
}

/** The microvolts of a count of each channel. */
async function microvolts(meta: MetaValues): Promise<number[]> {
  const { layout, facts } = await described(meta)
  const factors = facts.channelConversion ?? Array<number>(layout.channels).fill(1)
  return factors.map((factor) => Number(((facts.conversion as number) * factor * 1e6).toPrecision(12)))
}

t.test('the path of the .meta file', async (t) => {
  t.equal(metaPathOf('a.bin/run.ap.bin'), 'a.bin/run.ap.meta')
  t.equal(metaPathOf('RUN.AP.BIN'), 'RUN.AP.meta')
  t.equal(metaPathOf('run'), 'run.meta')
})

t.test('the fast band of a probe 1.0', async (t) => {
  t.same(await described(probe1Meta('ap', 4)), {
    layout: { path: bin, name: NAME, dtype: '<i2', order: 'time', offset: 0, channels: 4, samples: 7, stride: 5, size: 70 },
    facts: {
      rateKHz: 30.000_390_625,
      conversion: 0.6 / 512 / 500,
      channelConversion: [1, 0.5, 1, 0.5],
      channelNames: ['AP0', 'AP1', 'AP2', 'AP3'],
    },
  })
})

t.test('the slow band', async (t) => {
  const { layout, facts } = await described(probe1Meta('lf', 4))
  t.match(layout, { channels: 4, stride: 5, samples: 7 })
  t.same(facts, {
    rateKHz: 2.500_032_552,
    conversion: 0.6 / 512 / 250,
    channelConversion: [1, 2, 1, 2],
    channelNames: ['LF0', 'LF1', 'LF2', 'LF3'],
  })
})

t.test('one gain for all channels', async (t) => {
  const { facts } = await described(probe2Meta(3))
  t.same(facts, { rateKHz: 30, conversion: 0.62 / 2048 / 100, channelNames: ['AP0', 'AP1', 'AP2'] })
})

t.test('some channels of those that were acquired', async (t) => {
  const subset = { nSavedChans: 3, snsApLfSy: '2,0,1', '~snsChanMap': '(4,4,1)(AP1;1:0)(AP2;2:1)(SY0;8:2)' }
  for (const typed of ['1:2,8', '1,2,8', ' 8, 1-2 ', '2,1,8']) {
    const { layout, facts } = await described(probe1Meta('ap', 4, { ...subset, snsSaveChanSubset: typed }))
    t.match(layout, { channels: 2, stride: 3, samples: 7 }, typed)
    t.match(facts, { conversion: 0.6 / 512 / 1000, channelConversion: [1, 2], channelNames: ['AP1', 'AP2'] }, typed)
  }
  const slow = { nSavedChans: 2, snsApLfSy: '0,1,1', snsSaveChanSubset: '5,8', '~snsChanMap': '(4,4,1)(LF1;5:0)(SY0;8:1)' }
  t.match((await described(probe1Meta('lf', 4, slow))).facts, { conversion: 0.6 / 512 / 125, channelNames: ['LF1'] })
})

t.test('all channels, and files without what older versions do not write', async (t) => {
  for (const snsSaveChanSubset of ['all', 'ALL', '*', '', undefined]) {
    t.match((await described(nidqMeta({ snsSaveChanSubset }))).facts, { channelNames: ['MN0C0', 'MN0C1', 'MA0C0', 'XA0'] })
    t.match((await described(probe1Meta('lf', 2, { snsSaveChanSubset }))).facts.channelNames, ['LF0', 'LF1'])
  }
  const few = nidqMeta({ snsSaveChanSubset: undefined, acqMnMaXaDw: undefined, niMaxInt: undefined, '~snsChanMap': undefined })
  t.same((await described(few)).facts, {
    rateKHz: 25,
    conversion: 5 / 32_768 / 200,
    channelConversion: [1, 1, 10, 200],
    channelNames: undefined,
  })
  t.equal((await described(probe2Meta(2, { '~snsChanMap': '(2,0,1)(AP0;0:0)(SY0;2:1)' }))).facts.channelNames, undefined)
})

t.test('both bands in a file, as the first version wrote them', async (t) => {
  const meta = probe1Meta('ap', 2, { nSavedChans: 5, snsApLfSy: '2,2,1', snsSaveChanSubset: 'all', '~snsChanMap': undefined })
  t.same(await microvolts(meta), [2.34375, 1.171875, 4.6875, 9.375])
})

t.test('the gains of probes', async (t) => {
  const table = (type: string | number, row: string) => ({ '~imroTbl': tableOf(`${type},1`, 1, () => row) })
  const gains: [name: string, meta: MetaValues, expected: number][] = [
    ['a table', probe1Meta('ap', 1, { imDatPrb_type: 1123, ...table(1123, '0 0 0 250 125 1') }), 4.6875],
    ['a table that begins with a part number', probe1Meta('lf', 1, { imDatPrb_type: 0, ...table('NP1000', '0 0 0 500 50 0') }), 23.4375],
    ['the table counts, not the gain of channel 0', probe1Meta('ap', 1, { imChan0apGain: 50 }), 2.34375],
    [
      'phase 3A',
      probe1Meta('ap', 1, { imDatPrb_type: undefined, imMaxInt: undefined, imProbeOpt: 3, '~imroTbl': '(641251510,3,1)(0 0 1 1500 250)' }),
      0.78125,
    ],
    [
      'phase 3A, slow',
      probe1Meta('lf', 1, { imDatPrb_type: undefined, imMaxInt: undefined, '~imroTbl': '(641251510,3,1)(0 0 1 1500 250)' }),
      4.6875,
    ],
    ['NP1110', probe1Meta('ap', 1, { imDatPrb_type: 1110, '~imroTbl': '(1110,2,0,1000,250,1)(0 0 0)(1 0 0)' }), 1.171875],
    ['NP1110, slow', probe1Meta('lf', 1, { imDatPrb_type: 1110, '~imroTbl': '(NP1110,2,0,1000,250,1)(0 0 0)' }), 4.6875],
    [
      'type 21',
      probe2Meta(1, { imDatPrb_type: 21, imChan0apGain: undefined, imAiRangeMax: 0.5, imMaxInt: undefined, ...table(21, '0 1 0 0') }),
      0.762939453125,
    ],
    [
      'type 24',
      probe2Meta(1, { imDatPrb_type: 24, imChan0apGain: undefined, imAiRangeMax: 0.5, imMaxInt: 8192, ...table(24, '0 0 0 1 0') }),
      0.762939453125,
    ],
    [
      'type 24, in the table only',
      probe2Meta(1, { imDatPrb_type: undefined, imChan0apGain: undefined, imAiRangeMax: 0.5, imMaxInt: 8192, ...table(24, '0 0 0 1 0') }),
      0.762939453125,
    ],
    ['type 2013', probe2Meta(1, { imChan0apGain: undefined }), 3.02734375],
    [
      'a later type',
      probe2Meta(1, { imDatPrb_type: 3010, imAiRangeMax: 0.67, imChan0apGain: 50, ...table('NP3010', '0 0 0 0') }),
      6.54296875,
    ],
    ['no table', probe2Meta(1, { '~imroTbl': undefined }), 3.02734375],
  ]
  for (const [name, meta, expected] of gains) t.same(await microvolts(meta), [expected], name)
})

t.test('the slow band that CatGT makes of probes 2.0', async (t) => {
  const lf = { snsApLfSy: '0,2,1', imSampRate: 2500 }
  const { facts } = await described(probe2Meta(2, lf))
  t.same(facts, { rateKHz: 2.5, conversion: 0.62 / 2048 / 100, channelNames: ['AP0', 'AP1'] })
  t.same((await described(probe2Meta(2, { ...lf, imChan0lfGain: 200 }))).facts.conversion, 0.62 / 2048 / 200)
  t.same((await described(probe2Meta(2, { ...lf, snsSaveChanSubset: 'all' }))).facts, facts)
})

t.test('several words of synchronisation', async (t) => {
  const meta = probe2Meta(2, { nSavedChans: 6, acqApLfSy: '2,0,4', snsApLfSy: '2,0,4', snsSaveChanSubset: '0:5', '~snsChanMap': undefined })
  t.match((await described(meta)).layout, { channels: 2, stride: 6 })
})

t.test('NI devices and OneBox', async (t) => {
  const { layout, facts } = await described(nidqMeta())
  t.match(layout, { channels: 4, stride: 5, samples: 7, offset: 0 })
  t.same(facts, {
    rateKHz: 25,
    conversion: 5 / 32_768 / 200,
    channelConversion: [1, 1, 10, 200],
    channelNames: ['MN0C0', 'MN0C1', 'MA0C0', 'XA0'],
  })
  const plain = nidqMeta({ acqMnMaXaDw: '0,0,4,1', snsMnMaXaDw: '0,0,4,1', niMNGain: undefined, niMAGain: undefined })
  t.match((await described(plain)).facts, { conversion: 5 / 32_768, channelConversion: undefined })
  const box = await described(oneBoxMeta())
  t.match(box.layout, { channels: 3, stride: 5 })
  t.same(box.facts, { rateKHz: 30_303.1 / 1000, conversion: 5 / 32_768, channelNames: ['XA0', 'XA1', 'XA2'] })
  t.same((await described(oneBoxMeta({ obMaxInt: undefined }))).facts, box.facts)
})

t.test('the size of the file', async (t) => {
  for (const fileSizeBytes of [undefined, 0, 60]) t.equal((await described(probe1Meta('ap', 4, { fileSizeBytes }))).layout.samples, 7)
  await t.rejects(described(probe1Meta('ap', 4, { fileSizeBytes: 80 })), {
    code: 'ERR_INVALID_FILE',
    path: NAME,
    message: /^Cannot read 'data\/run_g0_t0\.imec0\.ap\.bin': it has 70 bytes, and 80 by its \.meta file: the end is missing\.$/,
  })
  for (const size of [69, 65, 1]) {
    writeSpikeGlx(bin, probe1Meta('ap', 4, { fileSizeBytes: undefined }), 7)
    truncateSync(bin, size)
    await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ERR_INVALID_FILE', path: NAME, message: /its last sample is not whole/ })
  }
  truncateSync(bin, 0)
  t.match((await describeSpikeGlx(bin, NAME)).layout, { samples: 0, size: 0 })
})

t.test('files that are not what they should be', async (t) => {
  const cases: [name: string, meta: MetaValues, message: RegExp][] = [
    ['nothing', {}, /'data\/.*\.meta': it has none of snsApLfSy, snsMnMaXaDw, snsXaDwSy/],
    ['no count of channels', probe1Meta('ap', 4, { nSavedChans: undefined }), /nSavedChans in 'data\/.*\.meta': it is missing/],
    ['no channels', probe1Meta('ap', 4, { nSavedChans: 0 }), /nSavedChans .* it is 0, and not from 1/],
    ['too many channels', probe1Meta('ap', 4, { nSavedChans: 2 ** 20 + 1 }), /nSavedChans .* and not from 1 to 1048576/],
    ['a count below 0', probe1Meta('ap', 4, { nSavedChans: -5 }), /expected a whole number but found '-5'/],
    ['a broken count', probe1Meta('ap', 4, { nSavedChans: '5.5' }), /expected a whole number but found '5\.5'/],
    ['a huge count', probe1Meta('ap', 4, { nSavedChans: '9'.repeat(400) }), /expected a whole number/],
    ['other counts', probe1Meta('ap', 4, { snsApLfSy: '4,0,0' }), /nSavedChans .* it is 5, and the channels of snsApLfSy are 4/],
    ['two counts', probe1Meta('ap', 4, { snsApLfSy: '4,1' }), /snsApLfSy .* expected 3 counts but found '4,1'/],
    ['four counts', probe1Meta('ap', 4, { snsApLfSy: '4,0,1,0' }), /snsApLfSy .* expected 3 counts/],
    ['texts for counts', probe1Meta('ap', 4, { snsApLfSy: '4,0,one' }), /snsApLfSy .* expected 3 counts/],
    [
      'only the synchronisation',
      probe1Meta('ap', 4, { nSavedChans: 1, snsApLfSy: '0,0,1', snsSaveChanSubset: '8' }),
      /no channel is a signal/,
    ],
    [
      'a subset of nonsense',
      probe1Meta('ap', 4, { snsSaveChanSubset: '0:3,x' }),
      /snsSaveChanSubset .* expected channels and ranges of them but found 'x'/,
    ],
    ['a huge subset', probe1Meta('ap', 4, { snsSaveChanSubset: '0:999999999' }), /snsSaveChanSubset .* more channels than nSavedChans, 5/],
    ['a subset twice', probe1Meta('ap', 4, { snsSaveChanSubset: '0:3,0:3' }), /snsSaveChanSubset .* more channels than nSavedChans, 5/],
    ['a small subset', probe1Meta('ap', 4, { snsSaveChanSubset: '0:3' }), /snsSaveChanSubset .* it has 4 channels, and nSavedChans is 5/],
    ['a descending range', probe1Meta('ap', 4, { snsSaveChanSubset: '3:0,8' }), /snsSaveChanSubset .* it has 1 channels/],
    [
      'a subset of other kinds',
      probe1Meta('ap', 4, { snsSaveChanSubset: '0:2,4,8' }),
      /acqApLfSy .* does not agree with snsApLfSy .* on channel 4/,
    ],
    ['a subset beyond all', probe1Meta('ap', 4, { snsSaveChanSubset: '0:3,9' }), /acqApLfSy .* on channel 9/],
    ['a subset of an unknown number', probe1Meta('ap', 4, { acqApLfSy: undefined }), /acqApLfSy .* it is missing/],
    [
      'more channels than were acquired',
      probe1Meta('ap', 4, { acqApLfSy: '3,3,1', snsSaveChanSubset: 'all' }),
      /acqApLfSy .* on channel 3/,
    ],
    ['no rate', probe1Meta('ap', 4, { imSampRate: undefined }), /imSampRate .* it is missing/],
    ['a rate of 0', probe1Meta('ap', 4, { imSampRate: 0 }), /imSampRate .* expected a number above 0 but found '0'/],
    ['a rate below 0', probe1Meta('ap', 4, { imSampRate: -30000 }), /imSampRate .* above 0/],
    ['an infinite rate', probe1Meta('ap', 4, { imSampRate: '1e999' }), /imSampRate .* above 0/],
    ['a rate that is a text', probe1Meta('ap', 4, { imSampRate: '30 kHz' }), /imSampRate .* found '30 kHz'/],
    ['no range', probe1Meta('ap', 4, { imAiRangeMax: undefined }), /imAiRangeMax .* it is missing/],
    ['a range of no sense', probe1Meta('ap', 4, { imAiRangeMax: '1e30' }), /snsApLfSy .* a count of channel 0 would be .* V/],
    ['no largest count of a later probe', probe2Meta(2, { imMaxInt: undefined }), /imMaxInt .* it is missing/],
    ['a largest count of 0', probe2Meta(2, { imMaxInt: 0 }), /imMaxInt .* above 0/],
    [
      'no gain',
      probe2Meta(2, { imDatPrb_type: 9999, imChan0apGain: undefined }),
      /imChan0apGain .* the gain of probe type '9999' is not known/,
    ],
    [
      'no gain and no type',
      probe2Meta(2, { imDatPrb_type: undefined, imChan0apGain: undefined, '~imroTbl': undefined }),
      /probe type '' is not known/,
    ],
    ['a gain of 0', probe1Meta('ap', 1, { '~imroTbl': '(0,1)(0 0 0 0 250 1)' }), /~imroTbl .* above 0/],
    ['a gain that is a text', probe1Meta('ap', 1, { '~imroTbl': '(0,1)(0 0 0 high 250 1)' }), /~imroTbl .* found 'high'/],
    ['a channel without a gain', probe1Meta('ap', 2, { '~imroTbl': '(0,1)(0 0 0 500 250 1)' }), /~imroTbl .* it has no row of channel 1/],
    [
      'a short row',
      probe1Meta('ap', 2, { '~imroTbl': '(0,2)(0 0 0 500 250 1)(1 0 0 500)' }),
      /~imroTbl .* expected rows of 6 numbers but found '1 0 0 500'/,
    ],
    [
      'a row of no channel',
      probe1Meta('ap', 2, { '~imroTbl': '(0,2)(0 0 0 500 250 1)(x 0 0 500 250 1)' }),
      /~imroTbl .* expected rows of 6 numbers/,
    ],
    ['no table', probe1Meta('ap', 2, { '~imroTbl': '0 0 0 500 250 1' }), /~imroTbl .* expected rows in parentheses/],
    [
      'a map of nonsense',
      probe1Meta('ap', 1, { '~snsChanMap': '(1,1,1)(AP0)' }),
      /~snsChanMap .* expected a channel such as AP0;0:0 but found 'AP0'/,
    ],
    ['no range of NI', nidqMeta({ niAiRangeMax: undefined }), /niAiRangeMax .* it is missing/],
    ['no gain of NI', nidqMeta({ niMNGain: undefined }), /niMNGain .* it is missing/],
    ['another gain of NI', nidqMeta({ niMAGain: 'x' }), /niMAGain .* above 0/],
    ['no rate of NI', nidqMeta({ niSampRate: undefined }), /niSampRate .* it is missing/],
    ['no range of OneBox', oneBoxMeta({ obAiRangeMax: undefined }), /obAiRangeMax .* it is missing/],
    ['a size of nonsense', probe1Meta('ap', 4, { fileSizeBytes: '7e1' }), /fileSizeBytes .* expected a whole number but found '7e1'/],
  ]
  for (const [name, meta, message] of cases) {
    writeFileSync(bin, new Uint8Array(0))
    writeFileSync(metaPathOf(bin), metaText(meta))
    await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ERR_INVALID_FILE', path: META, message }, name)
  }
  for (const text of [
    '\0'.repeat(1000),
    '=\n='.repeat(1000),
    'snsApLfSy',
    '\n'.repeat(1e5),
    `${'\n'.repeat(4e6)}a=`,
    `snsApLfSy=${'1,'.repeat(1e6)}`,
  ]) {
    writeFileSync(metaPathOf(bin), text)
    await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ERR_INVALID_FILE', path: META })
  }
})

t.test('lines end as on any system, values may have signs of equality, the last of two keys counts', async (t) => {
  writeSpikeGlx(bin, oneBoxMeta(), 7)
  const expected = await describeSpikeGlx(bin, NAME)
  const text = metaText(oneBoxMeta())
  for (const same of [
    text.replaceAll('\r\n', '\n'),
    text.trimEnd(),
    `obSampRate=7\n${text}`,
    `note\nuserNotes=a=b=c\n\n${text}`,
    `\ufeff\n${text}`,
  ]) {
    writeFileSync(metaPathOf(bin), same)
    t.same(await describeSpikeGlx(bin, NAME), expected)
  }
})

t.test('files that cannot be read', async (t) => {
  writeSpikeGlx(bin, probe1Meta('ap', 4), 7)
  const reason = new Error('enough')
  await t.rejects(describeSpikeGlx(bin, NAME, AbortSignal.abort(reason)), reason)
  writeFileSync(metaPathOf(bin), 'x'.repeat(2 ** 20 + 1))
  await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ERR_INVALID_FILE', path: META, message: /it has 1048577 bytes, more than 1048576/ })
  rmSync(metaPathOf(bin))
  await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ENOENT', path: metaPathOf(bin) })
  await t.rejects(describeSpikeGlx(dir, 'data'), { code: 'ENOENT' })
  writeSpikeGlx(bin, probe1Meta('ap', 4), 7)
  rmSync(bin)
  await t.rejects(describeSpikeGlx(bin, NAME), { code: 'ENOENT', path: bin })
})
