/** What SpikeGLX and Open Ephys say of samples, as neo and SpikeInterface read it: rates, names, microvolts and the samples themselves. */
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { describeOpenEphys } from '../../lib/sources/open-ephys.js'
import type { DescribedRaw } from '../../lib/sources/raw-layout.js'
import { describeSpikeGlx } from '../../lib/sources/spikeglx.js'
import type { OebinStream } from '../support/open-ephys.js'
import { adcStream, boardStream, headstage, probeStream, streamOf, writeOpenEphys } from '../support/open-ephys.js'
import type { MetaValues } from '../support/spikeglx.js'
import { chanMapOf, nidqMeta, oneBoxMeta, probe1Meta, probe2Meta, range, tableOf, writeSpikeGlx } from '../support/spikeglx.js'
import type { Case } from './python.js'
import { check, pythonEnvironment, runPython } from './python.js'

interface RecordingCase extends Case, DescribedRaw {
  format: 'spikeglx' | 'openephys'
  folder: string
  stream: string
  /** Whether SpikeInterface reads it too, which wants the whole probe. */
  spikeInterface: boolean
}

const SAMPLES = 301
const dir = t.testdir()
const cases: RecordingCase[] = []

/** Adds a case: what is read of a file whose name ends like that of `fileName` in the `.meta` file. */
async function addSpikeGlx(name: string, stream: string, meta: MetaValues, spikeInterface = false): Promise<void> {
  const folder = join(dir, `spikeglx-${cases.length}`)
  mkdirSync(folder)
  const bin = join(folder, String(meta['fileName']).replace(/.*\//, ''))
  writeSpikeGlx(bin, meta, SAMPLES)
  cases.push({ name, format: 'spikeglx', folder, stream, spikeInterface, ...(await describeSpikeGlx(bin, bin)) })
}

/** Adds a case for each name of a stream; neo has the name of the folder. */
async function addOpenEphys(name: string, streams: readonly OebinStream[], named: readonly string[]): Promise<void> {
  const root = join(dir, `open-ephys-${cases.length}`)
  const folder = join(root, 'Record Node 102', 'experiment1', 'recording1')
  writeOpenEphys(folder, streams, SAMPLES)
  for (const stream of named) {
    const described = await describeOpenEphys(folder, folder, stream)
    const neoStream = `Record Node 102#${stream}`
    cases.push({ name: `${name}: ${stream}`, format: 'openephys', folder: root, stream: neoStream, spikeInterface: true, ...described })
  }
}

/** A probe 1.0 whose channels all have the same gains: neo takes the rows of the table for those of the file. */
const sameGains = (count: number, row = '500 250 1') => tableOf(`0,${count}`, count, (i) => `${i} 0 0 ${row}`)
const some = [...range(10, 30), 768]

await addSpikeGlx('a probe 1.0, fast', 'imec0.ap', probe1Meta('ap', 384), true)
await addSpikeGlx('a probe 1.0, slow', 'imec0.lf', probe1Meta('lf', 384))
await addSpikeGlx('some channels of a probe 1.0', 'imec0.ap', {
  ...probe1Meta('ap', 384, { nSavedChans: 21, snsApLfSy: '20,0,1', snsSaveChanSubset: '10:29,768' }),
  '~imroTbl': sameGains(384),
  '~snsChanMap': chanMapOf([384, 384, 1], ['AP', 'LF', 'SY'], some),
})
await addSpikeGlx('phase 3A', 'imec0.ap', {
  ...probe1Meta('ap', 8, { imDatPrb_pn: undefined, imDatPrb_type: undefined, imMaxInt: undefined, imProbeOpt: 3 }),
  '~imroTbl': tableOf('641251510,3,8', 8, (i) => `${i} 0 1 ${i < 4 ? 500 : 1500} 250`),
})
await addSpikeGlx('a probe 1.0 for primates', 'imec0.ap', {
  ...probe1Meta('ap', 8, { imDatPrb_pn: 'NP1032', imDatPrb_type: 1030, imChan0apGain: 1000 }),
  '~imroTbl': sameGains(8, '1000 125 0').replace('(0,8)', '(1030,8)'),
})
await addSpikeGlx('a probe 2.0', 'imec0.ap', probe2Meta(384), true)
const early = { imDatPrb_pn: 'NP2010', imDatPrb_type: 24, imAiRangeMax: 0.5, imChan0apGain: undefined, imMaxInt: 8192 }
await addSpikeGlx(
  'an early probe 2.0',
  'imec0.ap',
  probe2Meta(16, { ...early, '~imroTbl': tableOf('24,16', 16, (i) => `${i} 0 0 1 ${i}`) }),
)
await addSpikeGlx('an early probe 2.0 without its largest count', 'imec0.ap', probe2Meta(16, { ...early, imMaxInt: undefined }))
await addSpikeGlx('a later probe 2.0 without its gain', 'imec0.ap', probe2Meta(16, { imDatPrb_pn: 'NP2014', imChan0apGain: undefined }))
const fileName = 'D:/run_g0/run_g0_imec0/run_g0_tcat.imec0.lf.bin'
await addSpikeGlx('the slow band that CatGT makes', 'imec0.lf', probe2Meta(16, { fileName, snsApLfSy: '0,16,1', imSampRate: 2500 }))
await addSpikeGlx('NI devices', 'nidq', nidqMeta(), true)
await addSpikeGlx('OneBox', 'obx0', oneBoxMeta(), true)

await addOpenEphys('an acquisition board', [boardStream()], ['Acquisition_Board-100.Rhythm_Data', 'Acquisition_Board-100.Rhythm_Data_ADC'])
await addOpenEphys('a probe', [probeStream('AP', 8), probeStream('LFP', 8)], ['Neuropix-PXI-104.ProbeA-AP', 'Neuropix-PXI-104.ProbeA-LFP'])
await addOpenEphys('OneBox', [adcStream()], ['OneBox-109.OneBox-ADC'])
const unstated = headstage(3).map((channel) => ({ ...channel, units: '' }))
await addOpenEphys('no units', [streamOf('File_Reader-100.data/', 'data', 20_000, unstated)], ['File_Reader-100.data'])

const environment = await pythonEnvironment('sorting')
t.test('neo and SpikeInterface', { skip: environment.skip }, async (t) => {
  t.testdir()
  await check(t, environment, 'check_acquisition.py', cases)
})

const source = await pythonEnvironment('recordings')
t.test('files that the programs have written', { skip: source.skip || environment.skip }, async (t) => {
  const root = t.testdir()
  const files: { spikeGlx: string[]; openEphys: string[] } = JSON.parse(await runPython(source, 'acquisition_files.py', []))
  const written: RecordingCase[] = []
  t.equal(files.spikeGlx.length, 19)
  for (const [i, file] of files.spikeGlx.entries()) {
    const meta = Object.fromEntries(
      [...readFileSync(file, 'latin1').matchAll(/^([^=\n]+)=(.*?)\r?$/gm)].map(([, key, value]) => [key, value]),
    )
    const base = String(meta['fileName']).replace(/.*\//, '')
    const folder = join(root, `spikeglx-${i}`)
    mkdirSync(folder)
    const bin = join(folder, base)
    writeSpikeGlx(bin, { ...meta, fileSizeBytes: undefined }, SAMPLES)
    const described = await describeSpikeGlx(bin, bin)
    // neo looks for a gain for each channel.
    if (meta['imDatPrb_pn'] === 'NP1110') t.equal(described.facts.conversion, 0.6 / 512 / 500, basename(file))
    else {
      const stream = base.split('.').slice(-3, -1).join('.')
      written.push({ name: basename(file), format: 'spikeglx', folder, stream, spikeInterface: true, ...described })
    }
  }
  t.equal(files.openEphys.length, 4)
  for (const [i, file] of files.openEphys.entries()) {
    const { continuous }: { continuous: OebinStream[] } = JSON.parse(readFileSync(file, 'utf8'))
    const folder = join(root, `open-ephys-${i}`)
    const [node = '', experiment = '', recording = ''] = dirname(file).split('/').slice(-3)
    writeOpenEphys(join(folder, node, experiment, recording), continuous, SAMPLES)
    for (const { folder_name, stream_name } of continuous) {
      const described = await describeOpenEphys(join(folder, node, experiment, recording), file, stream_name)
      const name = `${basename(dirname(dirname(dirname(dirname(file)))))}: ${stream_name}`
      // neo takes their counts for microvolts, of which 32767 are 10 volts.
      if (folder_name.startsWith('NI-DAQmx')) t.equal(described.facts.conversion?.toPrecision(6), (10 / 32_767).toPrecision(6), name)
      else {
        const stream = `${node}#${folder_name.slice(0, -1)}`
        written.push({ name, format: 'openephys', folder, stream, spikeInterface: true, ...described })
      }
    }
  }
  await check(t, environment, 'check_acquisition.py', written)
})
