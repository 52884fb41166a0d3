/** Every structure that h5py writes, in every version of the format: readers find what h5py finds. */
import t from 'tap'
import { withHdf5File } from '../../lib/engine/reading/hdf5-file.js'
import { pythonEnvironment, runPython } from './python.js'

interface Expected {
  kind: string
  shape?: number[]
  texts?: string[]
  sum?: number
}

interface File {
  name: string
  path: string
  groups: Record<string, Record<string, Expected | null>>
  attributes: Record<string, string | string[]>
}

const environment = await pythonEnvironment('numpy2')

t.test('files of h5py', { skip: environment.skip }, async (t) => {
  const files: File[] = JSON.parse(await runPython(environment, 'write_hdf5_structures.py', [t.testdir()]))
  t.equal(files.length, 22)
  for (const { name, path, groups, attributes } of files) {
    const differences: string[] = []
    await withHdf5File(path, path, undefined, async (file) => {
      for (const [group, objects] of Object.entries(groups)) {
        const paths = Object.keys(objects).map((child) => `${group}/${child}`)
        const children = await file.children(group)
        t.strictSame(children.map((child) => child.name).sort(), Object.keys(objects).sort(), `${name}: ${group}`)
        for (const path of paths) {
          const expected = objects[path.slice(group.length + 1)]
          if (path.endsWith('external')) {
            await t.rejects(file.describe(path), /leads to another file/)
            continue
          }
          const object = await file.describe(path)
          const found: Partial<Expected> = { kind: object?.kind ?? 'nothing' }
          if (object?.kind === 'dataset') {
            found.shape = [...object.shape]
            if (expected?.texts) found.texts = await file.texts(object)
            if (expected?.sum !== undefined) {
              const { data } = await file.numbers(object)
              found.sum = Array.from(data as ArrayLike<number | bigint>, Number).reduce((sum, number) => sum + number, 0)
            }
          }
          const difference = [JSON.stringify(found), JSON.stringify(expected ?? { kind: 'nothing' })]
          if (difference[0] !== difference[1]) differences.push(`${path}: ${difference.map((text) => text?.slice(0, 200)).join(' ≠ ')}`)
        }
      }
      t.strictSame(Object.fromEntries((await file.describe('links'))?.attributes ?? []), attributes, `${name}: attributes`)
    })
    t.strictSame(differences, [], name)
  }
})
