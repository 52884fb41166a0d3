/**
 * Workspaces with every kind of item, loaded by SpikeLab on an old and a new numpy: the same objects, to the type and the bit, as its
 * constructors make; what SpikeLab saves of them is the same file, and the same index to the byte.
 */
import t from 'tap'
import { exportToWorkspace } from '../../lib/index.js'
import { check, pythonEnvironment } from './python.js'
import { HEADING, WORKSPACES } from './workspace-items.js'

for (const name of ['numpy2', 'numpy1', 'nwb', 'sorting'] as const) {
  const environment = await pythonEnvironment(name)

  t.test(`workspaces load on ${name}`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const written = []
    for (const [workspace, { items, options }] of Object.entries(WORKSPACES)) {
      const { path, indexPath, warnings } = await exportToWorkspace(items, `${folder}/${workspace}`, { ...HEADING, ...options })
      t.strictSame([path, indexPath], [`${folder}/${workspace}.h5`, `${folder}/${workspace}.json`])
      t.strictSame(warnings, [], `${workspace}: nothing is lost`)
      written.push({ name: workspace, path: `${folder}/${workspace}`, notes: options?.notes ?? {}, title: options?.name ?? null })
    }
    const shared = { id: HEADING.workspaceId, createdAt: HEADING.createdAt.getTime() / 1000 }
    await check(t, environment, 'check_workspace.py', written, { shared, flags: ['-W', 'error'] })
  })
}
