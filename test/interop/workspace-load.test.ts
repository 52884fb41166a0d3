/**
 * Workspaces that SpikeLab saves, loaded here: the items that it was given, and written again the same file. Those that are loaded and
 * exported here are equal objects to SpikeLab.
 */
import t from 'tap'
import type { LoadedWorkspace } from '../../lib/index.js'
import {
  exportToWorkspace,
  loadWorkspace,
  loadWorkspaceItem,
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  pyFloat,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { check, pythonEnvironment, runPython } from './python.js'
import { HEADING, WORKSPACES } from './workspace-items.js'

const CREATED_AT = HEADING.createdAt.getTime() / 1000

/** What is lost in a file of SpikeLab's own: rows of NaN, and of nothing, which it takes for missing ones. */
const LOST = new Set(['nan_row', 'nothing'])

const ONLY_IN_PYTHON = {
  arrays: {
    'big-endian': Int32Array.of(1, 2),
    booleans: [
      [true, false],
      [false, true],
    ],
    bytes: ['a', 'bc'],
    float16: Float32Array.of(0.5, 1),
    fortran: new NDArray(BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n), [2, 3]),
    'text without axes': ['text'],
  },
  dicts: {
    scalars: {
      bool_: true,
      float32: 0.5,
      frozenset: new Set([1, 2]),
      int16: -3,
      'matrix of booleans': [[true], [false]],
      uint64: 2n ** 64n - 1n,
      'whole float32': pyFloat(2),
    },
  },
}
const SCALAR_TYPES = [
  { bool: false, float: pyFloat(1), int: 3 },
  { flags: [true, false], float: pyFloat(2), list: Float64Array.of(1.5, 2.5) },
]
/** As SpikeLab reads it: without kinds scalars are floats, and without a list of units only NaN is a missing array. */
const OLD_TYPES = [
  { bool: pyFloat(0), flags: [false, false], float: pyFloat(1), int: pyFloat(3) },
  { flags: [true, false], float: pyFloat(2), list: Float64Array.of(1.5, 2.5) },
]

for (const name of ['numpy2', 'numpy1'] as const) {
  const environment = await pythonEnvironment(name)

  t.test(`workspaces that SpikeLab saves on ${name}`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const saved: { name: string; path: string; title: string }[] = JSON.parse(
      await runPython(environment, 'workspace_saved.py', [folder, HEADING.workspaceId, String(CREATED_AT)]),
    )
    const cases = []
    for (const { name, path, title } of saved) {
      const workspace = await loaded(path)
      t.match(workspace, { ...HEADING, name: title })
      const given = WORKSPACES[name]
      if (!given) {
        t.strictSame(workspace.items['arrays'], ONLY_IN_PYTHON.arrays, name)
        const sd = workspace.items['recordings']?.['scalar types'] as SpikeData
        t.strictSame(sd.neuronAttributes, name === 'old' ? OLD_TYPES : SCALAR_TYPES, name)
        t.strictSame(sd.metadata, { integer: 2n ** 60n, text: 'a', flags: [true] }, name)
        if (name !== 'old') t.strictSame(workspace.items['dicts'], ONLY_IN_PYTHON.dicts)
        continue
      }
      // What was given, as it is after a way through a file of our own.
      await exportToWorkspace(given.items, `${folder}/own`, HEADING)
      const own = await loaded(`${folder}/own`)
      t.strictSame(plain(workspace.items), plain(own.items), name)
      for (const [namespace, keyed] of Object.entries(workspace.items)) {
        for (const [key, item] of Object.entries(keyed).slice(0, 20)) {
          t.strictSame(plain(await loadWorkspaceItem(path, namespace, key)), plain(item), `${namespace}, ${key}, alone`)
        }
      }
      const { items, ...heading } = workspace
      await exportToWorkspace(items, `${path} again`, heading)
      cases.push({ name, saved: path, again: `${path} again` })
    }
    t.equal(cases.length, Object.keys(WORKSPACES).length)
    await check(t, environment, 'check_workspace_saved.py', cases)
  })

  t.test(`workspaces loaded and exported again, on ${name}`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const written = []
    for (const [workspace, { items, options }] of Object.entries(WORKSPACES)) {
      await exportToWorkspace(items, `${folder}/first`, { ...HEADING, ...options })
      const path = `${folder}/${workspace}`
      const { items: again, ...heading } = await loaded(`${folder}/first`)
      const { warnings } = await exportToWorkspace(again, path, heading)
      t.strictSame(warnings, [], `${workspace}: nothing is lost`)
      written.push({ name: workspace, path, notes: options?.notes ?? {}, title: options?.name ?? null })
    }
    const shared = { id: HEADING.workspaceId, createdAt: CREATED_AT }
    await check(t, environment, 'check_workspace.py', written, { shared, flags: ['-W', 'error'] })
  })
}

function loaded(path: string): Promise<LoadedWorkspace> {
  return loadWorkspace(path, { onWarning: ({ message }) => t.fail(`${path}: ${message}`) })
}

/** The public values of objects, whose times are not properties of their own. */
function plain(value: unknown): unknown {
  if (value instanceof SpikeData) {
    const { N, length, startTime, train, rawData, rawTime, metadata, neuronAttributes } = value
    const attributes = neuronAttributes?.map((unit) => Object.fromEntries(Object.entries(unit).filter(([name]) => !LOST.has(name))))
    return { N, length, startTime, train, rawData, rawTime, metadata, attributes }
  }
  if (value instanceof SpikeSliceStack) {
    const { N, times, neuronAttributes, spikeStack } = value
    return { N, times, neuronAttributes, spikeStack: spikeStack.map(plain) }
  }
  for (const type of [RateData, RateSliceStack, PairwiseCompMatrix, PairwiseCompMatrixStack]) {
    if (value instanceof type) return { ...value }
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
