/**
 * What `validate` says of files, beside what their readers say: pynwb's validator of NWB files with and without the required parts, and the
 * readers of which it says that they refuse a file.
 */
import { rm, writeFile } from 'node:fs/promises'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, NDArray, SpikeData, validate } from '../../lib/index.js'
import { int64, npy } from '../support/sortings.js'
import { pythonEnvironment, runPython } from './python.js'

const neuronAttributes = [{ electrode: 4 }, { electrode: 9 }, { electrode: 4 }]
const sd = new SpikeData([[1, 2.5], [3], [2, 7.75, 9]], { length: 12.5, neuronAttributes })
const SESSION = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

/** Required parts of this package's files, which are of schema 2.8, that pynwb does without. */
const NOT_LOOKED_FOR = ['/general/extracellular_ephys/electrodes/id', '/general/extracellular_ephys/electrodes.description']

const nwb = await pythonEnvironment('nwb')
t.test('the required parts of NWB', { skip: nwb.skip }, async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToNwb(sd, `${dir}/spikeport.nwb`, { fsHz: 20000, nwb: SESSION })
  const lines: [string, string | null, string[]][] = JSON.parse(await runPython(nwb, 'nwb_parts.py', [dir]))
  t.equal(lines.length, 2 * 28)
  for (const [file, part, errors] of lines) {
    const { isValid, findings } = await validate(file)
    const said = findings.filter(({ level }) => level === 'error').map(({ message }) => message)
    t.equal(isValid, part === null, `${part ?? 'all parts'}: ${said}`)
    const isLookedFor = !(file.includes('/spikeport ') && part !== null && NOT_LOOKED_FOR.includes(part))
    t.equal(errors.length === 0, part === null || !isLookedFor, `${part ?? 'all parts'}: ${errors}`)
  }
})

/** A file, the number of its units, and the readers that are asked about it. */
type Asked = readonly [path: string, units: number, readers: readonly string[]]

const sorting = await pythonEnvironment('sorting')
t.test('readers that refuse a file', { skip: sorting.skip }, async (t) => {
  const dir = t.testdir()
  const asked: Asked[] = []
  const phy = async (name: string, recording: SpikeData, change?: (folder: string) => Promise<void>, options = {}) => {
    const path = `${dir}/${name}`
    await exportSpikeDataToKilosort(recording, path, { fsHz: 30000, phy: true, ...options })
    await change?.(path)
    asked.push([path, recording.N, ['phylib 2.7.1', 'neo 0.14.6', 'SpikeInterface 0.105.3 read_phy']])
  }
  await phy('phy', sd)
  await phy('without params', sd, (folder) => rm(`${folder}/params.py`))
  await phy('without spikes', new SpikeData([[], []], { length: 10 }))
  await phy('one spike', new SpikeData([[], [4]], { length: 10 }))
  await phy('one unit', new SpikeData([[1, 4]], { length: 10 }))
  const channels = { ids: [0, 1] }
  await phy('one unit on several channels', new SpikeData([[1, 4]], { length: 10 }), undefined, { channels })
  await phy('not in order', new SpikeData([[1, 2], [3]], { length: 10 }), (folder) =>
    writeFile(`${folder}/spike_times.npy`, npy("'<i8'", '(3,)', int64(60, 30, 90))),
  )
  const hdf5 = async (name: string, recording: SpikeData) => {
    await exportSpikeDataToHdf5(recording, `${dir}/${name}.h5`)
    asked.push([`${dir}/${name}.h5`, recording.N, ['SpikeLab 0.1.2']])
  }
  const atEnd = new SpikeData([[1, 127.9]], { length: 127.9 })
  await hdf5('ragged', sd)
  await hdf5('first empty', new SpikeData([[], [1, 2], [3]], { length: 10 }))
  await hdf5('all empty', new SpikeData([[], []], { length: 10 }))
  await hdf5('at the end', atEnd)
  const nwbFile = async (name: string, recording: SpikeData, readers: string[], options: object = { fsHz: 30000, nwb: SESSION }) => {
    await exportSpikeDataToNwb(recording, `${dir}/${name}.nwb`, options)
    asked.push([`${dir}/${name}.nwb`, recording.N, readers])
  }
  const ofNwb = ['pynwb 4.2.0', 'SpikeLab 0.1.2 with pynwb', 'neo 0.14.6 NWBIO']
  const plain = new SpikeData([[1, 2], [3]], { length: 10 })
  await nwbFile('plain', plain, ofNwb)
  await nwbFile('electrodes', sd, ofNwb)
  await nwbFile('keywords', plain, ofNwb, { nwb: { ...SESSION, keywords: ['slice'] } })
  const rawData = new NDArray(new Int16Array(40), [2, 20])
  await nwbFile('raw', new SpikeData([[1, 2], [3]], { length: 20, rawData, rawTime: 1 }), ofNwb, {
    nwb: SESSION,
    rawData: { conversion: 1e-6 },
  })
  await nwbFile('spikelab', plain, ['pynwb 4.2.0', 'SpikeLab 0.1.2 without pynwb'], { profile: 'spikelab' })
  await nwbFile('spikelab at the end', atEnd, ['SpikeLab 0.1.2 without pynwb'], { profile: 'spikelab' })

  const calls = asked.flatMap(([path, , readers]) => readers.map((reader) => [reader, path]))
  const found: (number | null)[] = JSON.parse(await runPython(sorting, 'readers_refuse.py', [JSON.stringify(calls)]))
  for (const [path, units, readers] of asked) {
    const said = new Set((await validate(path)).findings.map(({ reader = '' }) => reader))
    for (const reader of readers) {
      const number = found.shift()
      const isWrong = number === null || (reader === 'SpikeLab 0.1.2' && number !== units)
      t.equal(said.has(reader.replace(' without pynwb', '')), isWrong, `${path.slice(dir.length + 1)}: ${reader} finds ${number}`)
    }
  }
})
