/**
 * What `structure.oebin` says of the samples of its streams: which stream, which channels, and files that are not what they should be.
 */
import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import t from 'tap'
import { describeOpenEphys } from '../../lib/sources/open-ephys.js'
import type { OebinStream } from '../support/open-ephys.js'
import { adcStream, boardStream, headstage, probeStream, streamOf, writeOpenEphys } from '../support/open-ephys.js'

const root = t.testdir()
const folder = join(root, 'experiment1', 'recording1')
const structure = join(folder, 'structure.oebin')
const NAME = `rec${sep}structure.oebin`
const dataOf = (path: string, stream: string) => [path, 'continuous', stream, 'continuous.dat'].join(sep)

/** What is said of a recording with seven samples of each channel. */
function described(streams: readonly OebinStream[], stream?: string) {
  rmSync(folder, { recursive: true, force: true })
  writeOpenEphys(folder, streams, 7)
  return describeOpenEphys(structure, NAME, stream)
}

/** A stream with some of its fields replaced, by anything. */
const changed = (more: object) => [{ ...boardStream(), ...more } as OebinStream]
/** A stream of a channel with some of its fields replaced. */
const ofChannel = (more: object) =>
  changed({ num_channels: 1, channels: [{ channel_name: 'CH1', bit_volts: 0.195, units: 'uV', ...more }] })

const UV = 0.194_999_992_847_442_6
const AUX = 0.000_037_399_999_564_746_395

t.test('a stream', async (t) => {
  const expected = {
    layout: {
      path: dataOf(folder, 'File_Reader-100.data'),
      name: dataOf('rec', 'File_Reader-100.data'),
      dtype: '<i2',
      order: 'time',
      offset: 0,
      channels: 3,
      samples: 7,
      stride: 3,
      size: 42,
    },
    facts: { rateKHz: 30, conversion: UV * 1e-6, channelNames: ['CH1', 'CH2', 'CH3'] },
  }
  const stream = streamOf('File_Reader-100.data/', 'data', 30_000, headstage(3))
  t.same(await described([stream]), expected)
  for (const name of ['data', 'File_Reader-100.data', 'File_Reader-100.data/', 'File_Reader-100.data\\'])
    t.same(await described([stream], name), expected)
  t.same(await describeOpenEphys(folder, 'rec', undefined), expected)
  t.same(await describeOpenEphys(folder + sep, `rec${sep}`, 'data'), {
    ...expected,
    layout: { ...expected.layout, path: dataOf(folder, 'File_Reader-100.data') },
  })
  t.same((await describeOpenEphys(structure, 'structure.oebin', 'data')).layout.name, dataOf('.', 'File_Reader-100.data'))
})

t.test('older versions, without names of streams and counts', async (t) => {
  const { stream_name: _, num_channels: __, ...old } = streamOf('Rhythm_FPGA-100.0/', '', 20_000, headstage(2))
  const { layout, facts } = await described([old], 'Rhythm_FPGA-100.0')
  t.match(layout, { channels: 2, path: dataOf(folder, 'Rhythm_FPGA-100.0') })
  t.same(facts.rateKHz, 20)
  t.match(await described([old]), { layout, facts })
  const nested = { ...old, folder_name: 'Record_Node/Rhythm_FPGA-100.0' }
  t.equal((await described([nested])).layout.path, dataOf(folder, ['Record_Node', 'Rhythm_FPGA-100.0'].join(sep)))
})

t.test('channels of an ADC are a stream of their own', async (t) => {
  const board = await described([boardStream()])
  t.match(board.layout, { channels: 4, stride: 6, offset: 0, samples: 7, size: 84 })
  t.same(board.facts.channelNames, ['CH1', 'CH2', 'AUX1', 'AUX2'])
  t.equal(board.facts.conversion, UV * 1e-6)
  t.same(board.facts.channelConversion, [1, 1, (AUX * 1e-3) / (UV * 1e-6), (AUX * 1e-3) / (UV * 1e-6)])
  t.same(await described([boardStream()], 'Rhythm Data'), board)
  for (const name of ['Rhythm Data_ADC', 'Acquisition_Board-100.Rhythm_Data_ADC']) {
    const { layout, facts } = await described([boardStream()], name)
    t.match(layout, { path: board.layout.path, channels: 2, stride: 6, offset: 8, samples: 7 })
    t.same(facts, { rateKHz: 30, conversion: 0.000_152_587_890_625, channelConversion: [1, 2], channelNames: ['ADC1', 'ADC2'] })
  }
  for (const name of [undefined, 'OneBox-ADC', 'OneBox-109.OneBox-ADC']) {
    const { layout, facts } = await described([adcStream()], name)
    t.match(layout, { channels: 2, stride: 2, offset: 0 })
    t.same(facts, { rateKHz: 30.3005, conversion: 0.000_152_587_890_625, channelNames: ['ADC0', 'ADC1'] })
  }
})

t.test('the synchronisation is left out', async (t) => {
  const streams = [probeStream('AP', 3), probeStream('LFP', 3)]
  const { layout, facts } = await described(streams, 'ProbeA-LFP')
  t.match(layout, { path: dataOf(folder, 'Neuropix-PXI-104.ProbeA-LFP'), channels: 3, stride: 4, offset: 0, samples: 7, size: 56 })
  t.same(facts, { rateKHz: 2.5, conversion: 4.6875 * 1e-6, channelNames: ['LFP1', 'LFP2', 'LFP3'] })
  t.equal((await described(streams, 'Neuropix-PXI-104.ProbeA-AP')).facts.rateKHz, 30)
  const only = streamOf('Sync/', 'Sync', 30_000, [{ channel_name: 'AP_SYNC', bit_volts: 1, units: '' }])
  t.same((await described([only, ...streams.slice(0, 1), streamOf('None/', 'None', 1, [])])).facts.channelNames, ['AP1', 'AP2', 'AP3'])
})

t.test('which stream', async (t) => {
  const streams = [probeStream('AP', 2), probeStream('LFP', 2)]
  const code = 'ERR_INVALID_ARG_VALUE'
  await t.rejects(described(streams), {
    code,
    message: "Expected one of the streams 'ProbeA-AP', 'ProbeA-LFP' for stream but received undefined.",
  })
  await t.rejects(described(streams, 'ProbeB'), {
    code,
    message: /^Expected one of the streams 'ProbeA-AP', 'ProbeA-LFP' for stream but received 'ProbeB'\.$/,
  })
  await t.rejects(described([boardStream()], 'ADC'), { code, message: /one of the streams 'Rhythm Data', 'Rhythm Data_ADC' for stream/ })
  await t.rejects(described([boardStream()], ''), { code })
  await t.rejects(described([adcStream()], 'OneBox-ADC_ADC'), { code })
  // File readers name their streams alike.
  const alike = [streamOf('Reader-100.a/', 'a', 1000, headstage(1)), streamOf('Reader-101.a/', 'a', 2000, headstage(2))]
  await t.rejects(described(alike, 'a'), {
    code,
    message: /one of the streams 'Reader-100\.a', 'Reader-101\.a' for stream but received 'a'/,
  })
  t.equal((await described(alike, 'Reader-101.a')).facts.rateKHz, 2)
})

t.test('units', async (t) => {
  const cases: [units: string | undefined, channel_name: string, volts: number | undefined][] = [
    ['uV', 'CH1', 0.25e-6],
    ['\u00b5V', 'CH1', 0.25e-6],
    ['\u03bcV', 'CH1', 0.25e-6],
    ['mV', 'AUX1', 0.25e-3],
    ['V', 'AI0', 0.25],
    ['', 'CH1', 0.25e-6],
    [undefined, 'CH1', 0.25e-6],
    ['', 'ADC1', 0.25],
    ['', 'AI12', 0.25],
    ['', 'AI', 0.25e-6],
    ['uV', 'ADC1', 0.25e-6],
    ['m/s2', 'Accel', undefined],
  ]
  for (const [units, channel_name, volts] of cases) {
    const { facts } = await described(ofChannel({ units, channel_name, bit_volts: 0.25 }))
    t.same(
      facts,
      { rateKHz: 30, ...(volts !== undefined && { conversion: volts }), channelNames: [channel_name] },
      `${units} ${channel_name}`,
    )
  }
  const mixed = [...headstage(2), { channel_name: 'Accel', bit_volts: 1, units: 'g' }]
  await t.rejects(described([streamOf('a/', 'a', 1, mixed)]), {
    code: 'ERR_INVALID_FILE',
    path: NAME,
    message: /channel 'Accel' is in 'g', and others of its stream are in volts/,
  })
})

t.test('what another stream has is no matter', async (t) => {
  const strange = streamOf('strange/', 'strange', 1, [
    { channel_name: 'CH1', bit_volts: 0 },
    { channel_name: 'ADC1', bit_volts: 1 },
    { channel_name: 'CH2', bit_volts: 1 },
  ])
  t.equal((await described([strange, boardStream()], 'Rhythm Data')).layout.channels, 4)
  await t.rejects(described([strange], 'strange'), { message: /continuous\[0\] in .*: channels of several kinds .* are mixed/ })
})

t.test('files that are not what they should be', async (t) => {
  const place = (path: string): [string, OebinStream[], RegExp] => [
    path,
    changed({ folder_name: path }),
    /folder_name is no path below its own folder/,
  ]
  const cases: [name: string, streams: OebinStream[], message: RegExp][] = [
    ['a stream that is no object', [7 as never], /continuous\[0\] in 'rec.structure\.oebin': it is no object/],
    ['no folder', changed({ folder_name: undefined }), /folder_name is no text/],
    ...[
      '..',
      '../..',
      'a/../../b',
      '/etc',
      '\\etc',
      'C:\\data',
      'C:',
      '',
      '/',
      '.',
      'a//b',
      '.. /b',
      '... ',
      'a\0b',
      '\\\\server\\share',
    ].map(place),
    ['a name that is no text', changed({ stream_name: {} }), /stream_name is no text/],
    ['a rate that is a text', changed({ sample_rate: '30000' }), /sample_rate is no number above 0/],
    ['a rate of 0', changed({ sample_rate: 0 }), /sample_rate is no number above 0/],
    ['a rate that is 0 in kHz', changed({ sample_rate: 5e-324 }), /sample_rate is no number above 0/],
    ['a rate below 0', changed({ sample_rate: -1 }), /sample_rate is no number above 0/],
    ['another count', changed({ num_channels: 5 }), /num_channels is 5, and there are 6 channels/],
    ['a count that is a text', changed({ num_channels: '6' }), /num_channels is no number/],
    ['no channels', changed({ channels: undefined }), /channels is no list of at most 1048576 channels/],
    ['only channels without signals', changed({ channels: [], num_channels: 0 }), /no stream in continuous has signals/],
    ['a channel without a name', ofChannel({ channel_name: undefined }), /channel 0 has no channel_name/],
    ['a channel that is none', changed({ channels: [null], num_channels: 1 }), /channel 0 has no channel_name/],
    ['units that are no text', ofChannel({ units: 7 }), /units of channel 'CH1' is no text/],
    ['no voltage', ofChannel({ bit_volts: undefined }), /bit_volts of channel 'CH1' is no number/],
    ['a voltage that is a text', ofChannel({ bit_volts: '0.195' }), /bit_volts of channel 'CH1' is no number/],
    ['a voltage of 0', ofChannel({ bit_volts: 0 }), /bit_volts of channel 'CH1' is 0, and no voltage in uV/],
    ['a huge voltage', ofChannel({ bit_volts: 1e300 }), /bit_volts of channel 'CH1' is 1e\+300/],
    ['a folder twice', [boardStream(), boardStream()], /two streams are named 'Acquisition_Board-100\.Rhythm_Data'/],
  ]
  for (const [name, streams, message] of cases) {
    writeFileSync(structure, JSON.stringify({ continuous: streams }))
    await t.rejects(describeOpenEphys(structure, NAME, undefined), { code: 'ERR_INVALID_FILE', path: NAME, message }, name)
  }
  const texts: [text: string, message: RegExp][] = [
    ['', /it is no JSON/],
    ['{', /it is no JSON/],
    ['null', /it has no list of streams, continuous/],
    ['[]', /it has no list of streams, continuous/],
    ['{"continuous": {}}', /it has no list of streams, continuous/],
    ['{"continuous": []}', /no stream in continuous has signals/],
    ['{"__proto__": {"continuous": []}}', /it has no list of streams, continuous/],
    ['['.repeat(1e6), /it is nested more than 1000 levels deep/],
    [`{"continuous": [${'['.repeat(1e5)}${']'.repeat(1e5)}]}`, /it is nested more than 1000 levels deep/],
  ]
  for (const [text, message] of texts) {
    writeFileSync(structure, text)
    await t.rejects(describeOpenEphys(structure, NAME, undefined), { code: 'ERR_INVALID_FILE', path: NAME, message }, text.slice(0, 40))
  }
})

t.test('files that cannot be read', async (t) => {
  await described([boardStream()])
  const data = dataOf(folder, 'Acquisition_Board-100.Rhythm_Data')
  const reason = new Error('enough')
  await t.rejects(describeOpenEphys(structure, NAME, undefined, AbortSignal.abort(reason)), reason)
  for (const size of [83, 82, 1]) {
    truncateSync(data, size)
    await t.rejects(describeOpenEphys(structure, NAME, undefined), {
      code: 'ERR_INVALID_FILE',
      path: dataOf('rec', 'Acquisition_Board-100.Rhythm_Data'),
      message: /its last sample is not whole: it has \d+ bytes, for 6 channels of 2 bytes/,
    })
  }
  truncateSync(data, 0)
  t.match((await describeOpenEphys(structure, NAME, undefined)).layout, { samples: 0, size: 0 })
  rmSync(data)
  await t.rejects(describeOpenEphys(structure, NAME, undefined), { code: 'ENOENT', path: data })
  truncateSync(structure, 16 * 2 ** 20 + 1)
  await t.rejects(describeOpenEphys(structure, NAME, undefined), { code: 'ERR_INVALID_FILE', path: NAME, message: /more than 16777216/ })
  rmSync(structure)
  await t.rejects(describeOpenEphys(structure, NAME, undefined), { code: 'ENOENT', path: structure })
  await t.rejects(describeOpenEphys(folder, 'rec', undefined), { code: 'ENOENT', path: structure })
})
