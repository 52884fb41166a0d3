/**
 * The lint of imports and includes finds what is planted.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const script = fileURLToPath(new URL('../../scripts/lint/import-graph.mjs', import.meta.url))

/** What the lint prints of a folder, line by line. */
function problemsIn(folder: string): string[] {
  try {
    return execFileSync(process.execPath, [script, folder], { encoding: 'utf8' }).split('\n').filter(Boolean)
  } catch (error) {
    return (error as { stdout: string }).stdout.split('\n').filter(Boolean)
  }
}

t.test('an order that is kept', async (t) => {
  const lib = {
    'errors.ts': `import { inspect } from 'node:util'`,
    memory: { 'buffers.ts': `import { invalidType } from '../errors.js'` },
    engine: { plan: { 'sources.ts': '' }, 'native.ts': `import type { Source } from './plan/sources.js'` },
  }
  const native = { kernels: { 'sort.h': '#include <napi.h>' }, engine: { 'job.cc': '#include "kernels/sort.h"' } }
  t.strictSame(problemsIn(t.testdir({ lib, native })), [])
})

t.test('against the order', async (t) => {
  const lib = {
    memory: { 'buffers.ts': `import { native } from '../engine/native.js'` },
    engine: {
      'native.ts': `import type { Source } from './plan/sources.js'`,
      plan: { 'sources.ts': `export type { Native } from '../native.js'` },
    },
    storage: { 'local.ts': `type SpikeData = import('../model/spike-data.js').SpikeData` },
    model: { 'spike-data.ts': '' },
    somewhere: { 'else.ts': '' },
  }
  const native = { kernels: { 'sort.cc': '#include "engine/job.h"' }, engine: { 'job.h': '' } }
  t.strictSame(problemsIn(t.testdir({ lib, native })).sort(), [
    'lib/engine/native.ts → lib/engine/plan/sources.ts → lib/engine/native.ts',
    'lib/engine/plan/sources.ts imports lib/engine/native.ts: engine/plan may import only errors, steps, memory',
    'lib/memory/buffers.ts imports lib/engine/native.ts: memory may import only errors, steps',
    'lib/somewhere/else.ts is in no room of the order in scripts/lint/import-graph.mjs',
    'lib/storage/local.ts imports lib/model/spike-data.ts: storage may import only errors, steps, memory, engine/plan, engine, engine/reading, files, options',
    'native/kernels/sort.cc imports native/engine/job.h: kernels may import only its own',
  ])
})

t.test('circles of files within a room', async (t) => {
  const lib = {
    jobs: {
      'a.ts': `import { b } from './b.js'\nimport { own } from './own.js'`,
      'b.ts': `import {\n  type C,\n} from './parts/c.js'`,
      'own.ts': `export * from './b.js'`,
      parts: { 'c.ts': `import type { A } from '../a.js'` },
    },
  }
  const native = { spikes: { 'a.h': '#pragma once\n#include "b.h"', 'b.h': '#include "spikes/a.h"' } }
  t.strictSame(problemsIn(t.testdir({ lib, native })), [
    'lib/jobs/a.ts → lib/jobs/b.ts → lib/jobs/parts/c.ts → lib/jobs/a.ts',
    'lib/jobs/own.ts → lib/jobs/b.ts → lib/jobs/parts/c.ts → lib/jobs/a.ts → lib/jobs/own.ts',
    'native/spikes/a.h → native/spikes/b.h → native/spikes/a.h',
  ])
})
