/**
 * Folders as KiloSort, Phy and SpikeInterface leave them: the loader returns what SpikeLab's own does, but for the rows of the table in
 * docs/reading-kilosort.md.
 */
import t from 'tap'
import type { LoadKilosortOptions } from '../../lib/index.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromKilosort, SpikeData } from '../../lib/index.js'
import { exportFull, FULL } from './phy-full.js'
import { pythonEnvironment, runPython } from './python.js'

interface Found {
  trains: number[][]
  length: number
  attributes: { unit_id: number; electrode?: number; location?: number[] }[]
  clusters: number[]
}

interface Case {
  name: string
  folder: string
  options: LoadKilosortOptions
  theirs: Found | { error: string }
  /** What ours is where theirs differs on purpose: another recording, or the code of an error. */
  ours?: Found | string
  locations?: (number[] | null)[]
  electrodes?: (number | null)[]
}

const [environment, bombcell] = await Promise.all([pythonEnvironment('sorting'), pythonEnvironment('bombcell')])

/** The recording as SpikeLab describes one, without attributes that it has not. */
function described(sd: SpikeData): Found {
  return {
    trains: sd.train.map((times) => [...times]),
    length: sd.length,
    attributes: (sd.neuronAttributes ?? []).map(({ unit_id, electrode, location }) => ({
      unit_id: unit_id as number,
      ...(electrode !== undefined && { electrode: electrode as number }),
      ...(location !== undefined && { location: location as number[] }),
    })),
    clusters: sd.metadata['cluster_ids'] as number[],
  }
}

/** What ours is expected to be. */
function expectedOf({ theirs, ours, locations, electrodes }: Case): Found {
  const base = (ours ?? theirs) as Found
  return {
    ...base,
    attributes: base.attributes.map(({ unit_id, ...attributes }, unit) => {
      const electrode = electrodes ? electrodes[unit] : attributes.electrode
      const location = locations ? locations[unit] : attributes.location
      return { unit_id, ...(typeof electrode === 'number' && { electrode }), ...(location && { location }) }
    }),
  }
}

t.test('recordings equal those of SpikeLab', { skip: environment.skip }, async (t) => {
  const dir = t.testdir()
  const channels = [4, 4, 0, 1, 3]
  const train = channels.map((_, unit) => Float64Array.from({ length: 20 + 7 * unit }, (__, i) => 3.5 * i + unit / 3))
  const neuronAttributes = channels.map((electrode, unit) => ({ electrode, location: [0, 20 * electrode], snr: unit / 8 }))
  const probe = { ids: [0, 1, 2, 3, 4], positions: [0, 1, 2, 3, 4].map((row) => [0, 20 * row] as [number, number]) }
  const exported = `${dir}/exported`
  await exportSpikeDataToKilosort(new SpikeData(train, { neuronAttributes }), exported, { fsHz: 30000, phy: true, channels: probe })
  const cases: Case[] = JSON.parse(await runPython(environment, 'write_kilosort_folders.py', [dir, exported]))
  t.ok(cases.length > 80)
  for (const one of cases) {
    const { name, folder, options, theirs, ours } = one
    const isSame = ours === undefined && !one.locations && !one.electrodes && !('error' in theirs)
    const loaded = loadSpikeDataFromKilosort(folder, { ...options, onWarning: () => {} })
    if (typeof ours === 'string') {
      await t.rejects(loaded, { code: ours }, name)
      continue
    }
    const found = described(await loaded)
    if (name === 'a spike just after the end') {
      t.match(theirs, { error: 'ValueError' }, name)
      t.equal(Math.max(...found.trains.flat()), options.lengthMs, name)
      continue
    }
    t.strictSame(found, expectedOf(one), name)
    if (!isSame) t.notSame(found, theirs, `${name}: a difference on purpose`)
  }

  const sorted = cases.find(({ name }) => name === 'KiloSort 4, complete') as Case
  const { neuronAttributes: units } = await loadSpikeDataFromKilosort(sorted.folder, { amplitudes: true, onWarning: () => {} })
  t.strictSame(
    // KiloSort's cluster_group.tsv is a copy of its labels, header included.
    units?.map(({ KSLabel, group, Amplitude, ContamPct }) => [KSLabel, group, Amplitude, ContamPct]),
    [
      ['good', undefined, 0, 0],
      ['mua', undefined, 1.5, 12.2],
      ['noise', undefined, 3, undefined],
      ['good', undefined, 4.5, Infinity],
      ['unsorted', undefined, 6, 100],
      ['MUA', undefined, 7.5, 3],
    ],
    'the tables of KiloSort 4',
  )
})

t.test('a folder that SpikeInterface exports for Phy', { skip: environment.skip }, async (t) => {
  const dir = t.testdir()
  const { folder, trains, ids, fsHz, groups }: { folder: string; trains: number[][]; ids: number[]; fsHz: number; groups: number } =
    JSON.parse(await runPython(environment, 'write_spikeinterface_phy.py', [dir]))
  const sd = await loadSpikeDataFromKilosort(folder, { amplitudes: true, onWarning: ({ message }) => t.fail(message) })
  t.equal(sd.metadata['fs_Hz'], fsHz)
  t.strictSame(
    sd.train.map((times) => Array.from(times, (ms) => Math.round((ms * fsHz) / 1e3))),
    trains,
  )
  t.strictSame(
    sd.neuronAttributes?.map(({ unit_id }) => unit_id),
    ids,
  )
  t.equal(sd.neuronAttributes?.filter(({ channel_group }) => channel_group === 0).length, groups)
  for (const [unit, { electrode, location, amplitudes, group }] of (sd.neuronAttributes ?? []).entries()) {
    t.ok(Number.isInteger(electrode) && (location as number[]).length === 2, 'a channel')
    t.equal((amplitudes as Float64Array).length, trains[unit]?.length)
    t.equal(group, 'unsorted')
  }
})

t.test('the tables that Bombcell leaves in a folder', { skip: bombcell.skip }, async (t) => {
  const dir = t.testdir()
  const folder = `${dir}/phy`
  await exportFull(dir, folder)
  const found: { clusters: number[]; unitType: string[]; metrics: Record<string, (number | null)[]> } = JSON.parse(
    await runPython(bombcell, 'bombcell_tables.py', [folder, `${folder}/recording.dat`, '8', `${FULL.fsHz}`]),
  )
  const sd = await loadSpikeDataFromKilosort(folder, { onWarning: ({ message }) => t.fail(message) })
  t.strictSame(sd.metadata['cluster_ids'], found.clusters)
  t.ok(Object.keys(found.metrics).length > 20)
  for (const [unit, attributes] of (sd.neuronAttributes ?? []).entries()) {
    t.equal(attributes['bc_unitType'], found.unitType[unit])
    for (const [metric, values] of Object.entries(found.metrics))
      t.equal(attributes[metric] ?? null, values[unit], `${metric} of unit ${unit}`)
  }
})
