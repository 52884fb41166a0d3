/**
 * The local file system: temporary folders, and Node's permission model (`--permission`). Node checks what goes through its own
 * functions; native code writes files itself.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { throwFailure } from '../engine/failures.js'
import { addon } from '../engine/native.js'
import type { Location } from '../engine/native-addon.js'
import type { FolderPlan } from '../engine/plan/byte-segments.js'
import type { Plan } from '../engine/plan/plan.js'
import { withCode } from '../errors.js'
import { absolutePath, entryPath, withoutTrailingSeparators } from './paths.js'

/**
 * Checks, where the permission model is on, that this process may write to every path that a plan's job touches: files and folders
 * as given and with symbolic links resolved, the partial ones beside them, and parents that will be made.
 *
 * @throws Error with `ERR_ACCESS_DENIED`, as Node's own functions do
 */
export function requireWritePermission(plan: Plan): void {
  // Without the permission model there is no such object, contrary to its type.
  if ((process.permission as typeof process.permission | undefined) === undefined) return
  if (plan.format === 'folder') return requireFolder(plan)
  requireReplaceable(plan.target)
  if (plan.format === 'hdf5' && plan.companion) requireReplaceable(plan.companion.target)
  if (plan.format === 'file') requireParents(plan.target)
}

function requireFolder({ target, files, remove }: FolderPlan): void {
  const { exists, partial } = located(target)
  for (const { name } of files) {
    requireReplaceable(entryPath(target, name))
    if (!exists) requireWritable(entryPath(partial, name))
  }
  for (const name of remove) requireWritable(entryPath(target, name))
  if (exists) return
  requireReplaceable(target)
  requireParents(target)
}

/** A file or folder that is written beside its place, and then renamed. */
function requireReplaceable(target: string): void {
  const { path, partial } = located(target)
  for (const touched of [target, path, partial]) requireWritable(touched)
}

/** The folders above a target that are not there yet. */
function requireParents(target: string): void {
  let folder = dirname(located(target).path)
  for (; !located(folder).exists; folder = dirname(folder)) requireWritable(folder)
}

/**
 * The absolute path of a folder in which this process may make files: where the permission model is on, as given, and where symbolic
 * links lead.
 *
 * @throws Error with `ERR_ACCESS_DENIED`, as Node's own functions do
 */
export function writableFolder(path: string): string {
  const folder = absolutePath(path)
  // Without the permission model there is no such object, contrary to its type.
  if ((process.permission as typeof process.permission | undefined) === undefined) return folder
  for (const touched of [folder, located(folder).path]) requireWritable(entryPath(touched, 'spool'))
  return folder
}

function requireWritable(path: string): void {
  if (!process.permission.has('fs.write', path)) throw accessDenied('--allow-fs-write', 'FileSystemWrite', path)
}

/**
 * Checks, where the permission model is on, that this process may read a file: as given, and where symbolic links lead.
 *
 * @throws Error with `ERR_ACCESS_DENIED`, as Node's own functions do
 */
export function requireReadPermission(path: string): void {
  // Without the permission model there is no such object, contrary to its type.
  if ((process.permission as typeof process.permission | undefined) === undefined) return
  for (const touched of [path, located(path).path]) {
    if (!process.permission.has('fs.read', touched)) throw accessDenied('--allow-fs-read', 'FileSystemRead', touched)
  }
}

function accessDenied(flag: string, permission: string, resource: string): Error {
  const message = `Access to this API has been restricted. Use ${flag} to manage permissions.`
  return Object.assign(withCode(new Error(message), 'ERR_ACCESS_DENIED'), { permission, resource })
}

function located(path: string): Location {
  const location = addon.locate(withoutTrailingSeparators(path))
  return 'failure' in location ? throwFailure(location) : location
}

/** The temporary folders that are in use, and what removes them when the process exits meanwhile. */
const temporaryFolders = new Set<string>()

function removeTemporaryFolders(): void {
  for (const folder of temporaryFolders) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // The process ends in any case.
    }
  }
}

/**
 * Runs `use` with a new folder of its own, which only this user can enter. It is removed with its contents afterwards, also after a failure
 * and when the process exits; not where the process is killed or its thread terminated.
 *
 * @param use - may add files that it keeps open to `large`: the system frees the room of a large file when it is closed, which takes a while
 *   that nothing waits for
 */
export async function withTemporaryFolder<T>(use: (folder: string, large: FileHandle[]) => Promise<T>): Promise<T> {
  if (!process.listeners('exit').includes(removeTemporaryFolders)) process.on('exit', removeTemporaryFolders)
  // At once, so that it is known when the process exits.
  const folder = mkdtempSync(join(tmpdir(), 'spikeport-'))
  temporaryFolders.add(folder)
  const large: FileHandle[] = []
  try {
    // Removing a folder takes a descriptor. This one is given back for that, so that running out of them leaves nothing.
    const spare = await open(folder).catch(async (error: unknown) => {
      await rmdir(folder)
      throw error
    })
    try {
      return await use(folder, large)
    } finally {
      await spare.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
    }
  } finally {
    temporaryFolders.delete(folder)
    for (const file of large) file.close().catch(() => {})
  }
}
