import { mkdtemp, open, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs `use` with a new folder of its own, which is removed with all that is in it, whatever happens. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'spikeport-'))
  // Removing a folder takes a descriptor. This one is given back for that, so that running out of them leaves nothing.
  const spare = await open(folder).catch(async (error: unknown) => {
    await rmdir(folder)
    throw error
  })
  try {
    return await use(folder)
  } finally {
    await spare.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
