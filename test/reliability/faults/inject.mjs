/**
 * Makes every system call of every export fail, one at a time, and looks at what is left. For a process in which faulty_io is
 * loaded; prints what it found as JSON.
 *
 *     node inject.mjs FOLDER CONTROL SPIKES every|full
 *
 * `every` fails calls in every way; `full` only as a disk does from the moment it is full.
 */
import { chmodSync, statSync } from 'node:fs'
import os from 'node:os'
import { faultControl } from './control.mjs'
import { contentsAt, EXPORTS, leftovers, recording, removeAt } from './exports.mjs'

const [folder, controlPath, spikes, how] = process.argv.slice(2)
const [codes, repeats] =
  how === 'every'
    ? [
        ['ENOSPC', 'EIO'],
        [false, true],
      ]
    : [['ENOSPC'], [true]]
const { fail, failedKind } = faultControl(controlPath)
const { errno } = os.constants

/** Failures that an export may survive: what is refused is not needed, or is needed no more. */
const SURVIVABLE = ['lock', 'open', 'fchmod', 'close']
/** Exports by the HDF5 library, which goes without some of what it looks up, and fails of the rest without saying why. */
const BY_LIBRARY = ['raster', 'compressed', 'nwb with raw data', 'nwb with tables']
/** What is there before, where it is not of the same kind: something with files that go. */
const BEFORE = { kilosort: EXPORTS.phy }

/** @type {{ injected: Record<string, number>, reported: Record<string, number>, survived: number, problems: string[] }} */
const found = { injected: {}, reported: {}, survived: 0, problems: [] }
const [before, after] = [recording(3, 0), recording(Number(spikes), 1)]

for (const [name, write] of Object.entries(EXPORTS)) {
  const path = `${folder}/${name}`
  await prepare(name, path)
  const old = contentsAt(path)
  await write(after, path, {})
  const whole = contentsAt(path)
  for (const isNew of [false, true]) {
    for (const code of codes) {
      for (const repeat of repeats) await disturb({ name, write, path, old, whole, isNew, code, repeat })
    }
  }
  await interrupt(name, write, path, whole)
  removeAt(path)
}
console.log(JSON.stringify(found))

/** Writes what is to be replaced, with permissions that a new file does not have. */
async function prepare(name, path) {
  await (BEFORE[name] ?? EXPORTS[name])(before, path, {})
  chmodSync(statSync(path).isDirectory() ? `${path}/spike_times.npy` : path, 0o666)
}

/** Fails the first call, then the second, and so on, until an export makes no more calls than that. */
async function disturb({ name, write, path, old, whole, isNew, code, repeat }) {
  for (let countdown = 0; ; countdown++) {
    removeAt(path)
    if (!isNew) await prepare(name, path)
    fail(countdown, errno[code], repeat)
    const error = await write(after, path, { durable: true }).then(
      () => undefined,
      (thrown) => thrown,
    )
    const kind = failedKind()
    fail(-1)
    if (kind === '') return
    found.injected[kind] = (found.injected[kind] ?? 0) + 1
    if (error) found.reported[kind] = (found.reported[kind] ?? 0) + 1
    const what = `${name}, ${isNew ? 'new' : 'existing'}, ${code} in ${kind} ${countdown}${repeat ? ' and on' : ''}`
    check(what, { name, error, kind, code, path, old: isNew ? {} : old, whole })
    // And all is well again.
    await write(after, path, {})
    const left = contentsAt(path)
    // Of a folder in which only some files could be removed, it is not known any more whose the others are.
    const isWhole = kind === 'unlink' ? Object.keys(whole).every((file) => left[file] === whole[file]) : isSame(left, whole)
    if (isWhole) found.survived++
    else found.problems.push(`${what}: the next export differs`)
  }
}

/** What may be after a failure: everything as before, or whole. */
function check(what, { name, error, kind, code, path, old, whole }) {
  const isOfLibrary = BY_LIBRARY.includes(name) && kind === 'stat'
  const isSurvived = !error && (SURVIVABLE.includes(kind) || isOfLibrary) && isSame(contentsAt(path), whole)
  if (!error && !isSurvived) found.problems.push(`${what}: no error was reported`)
  if (error && error.code !== code && !(isOfLibrary && error.code === 'ERR_HDF5')) found.problems.push(`${what}: ${error.stack}`)
  if (error && /\.spikeport-/.test(`${error.path} ${error.message} ${error.cause}`)) found.problems.push(`${what}: ${error.stack}`)
  const left = contentsAt(path)
  const torn = Object.keys({ ...old, ...left }).filter((file) => left[file] !== old[file] && left[file] !== whole[file])
  if (torn.length > 0) found.problems.push(`${what}: torn: ${torn}`)
  // Only files that are replaced together, and syncing after the renames, leave anything new after an error.
  const areSeveral = !('' in whole)
  if (error && !isSame(left, old) && kind !== 'fsync' && !(areSeveral && ['rename', 'unlink'].includes(kind))) {
    found.problems.push(`${what}: not as before`)
  }
  const partials = leftovers(folder)
  if (partials.length > 0) found.problems.push(`${what}: left ${partials}`)
}

/** A write that a signal interrupts is made again. */
async function interrupt(name, write, path, whole) {
  for (let countdown = 0; ; countdown++) {
    fail(countdown, errno.EINTR, false)
    const error = await write(after, path, {}).then(
      () => undefined,
      (thrown) => thrown,
    )
    const kind = failedKind()
    fail(-1)
    if (kind === '') return
    found.injected.interrupted = (found.injected.interrupted ?? 0) + 1
    if (
      ['write', 'fallocate'].includes(kind)
        ? error || !isSame(contentsAt(path), whole)
        : error && error.code !== 'EINTR' && error.code !== 'ERR_HDF5'
    ) {
      found.problems.push(`${name}, interrupted in ${kind} ${countdown}: ${error?.stack}`)
    }
  }
}

function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}
