/**
 * Paths of files on POSIX and on Windows, wherever this runs.
 */
import { posix, win32 } from 'node:path'
import t from 'tap'
import { absolutePath, endsInSeparator, entryPath, isFileName, withoutTrailingSeparators } from '../../lib/storage/paths.js'

t.test('a separator at the end', async (t) => {
  for (const path of ['a/', '/', 'a//', 'C:/']) {
    t.ok(endsInSeparator(path, posix), path)
    t.ok(endsInSeparator(path, win32), path)
  }
  for (const path of ['a\\', 'C:\\', '\\\\server\\share\\', 'a/b\\']) {
    t.notOk(endsInSeparator(path, posix), path)
    t.ok(endsInSeparator(path, win32), path)
  }
  for (const path of ['a', 'a/b', 'a\\b', 'C:', '']) {
    t.notOk(endsInSeparator(path, posix), path)
    t.notOk(endsInSeparator(path, win32), path)
  }
})

t.test('a path without separators at its end', async (t) => {
  const cases: [string, string, string][] = [
    ['/a/b///', '/a/b', '/a/b'],
    ['a/', 'a', 'a'],
    ['/', '/', '/'],
    ['///', '/', '/'],
    ['', '', ''],
    ['C:\\a\\', 'C:\\a\\', 'C:\\a'],
    ['C:\\a\\/\\', 'C:\\a\\/\\', 'C:\\a'],
    ['C:\\', 'C:\\', 'C:\\'],
    ['C:/', 'C:', 'C:/'],
    ['\\\\server\\share\\', '\\\\server\\share\\', '\\\\server\\share\\'],
    ['\\\\server\\share\\a\\', '\\\\server\\share\\a\\', '\\\\server\\share\\a'],
  ]
  for (const [path, onPosix, onWindows] of cases) {
    t.equal(withoutTrailingSeparators(path, posix), onPosix, path)
    t.equal(withoutTrailingSeparators(path, win32), onWindows, path)
  }
})

t.test('the path of an entry', async (t) => {
  t.equal(entryPath('/a/link/..', 'b.npy', posix), '/a/link/../b.npy')
  t.equal(entryPath('/a/', 'b.npy', posix), '/a/b.npy')
  t.equal(entryPath('/', 'b.npy', posix), '/b.npy')
  t.equal(entryPath('/a\\', 'b.npy', posix), '/a\\/b.npy')
  t.equal(entryPath('C:\\a', 'b.npy', win32), 'C:\\a\\b.npy')
  t.equal(entryPath('C:\\a\\', 'b.npy', win32), 'C:\\a\\b.npy')
  t.equal(entryPath('C:/a/', 'b.npy', win32), 'C:/a/b.npy')
})

t.test('the absolute path that a path means', async (t) => {
  t.equal(
    absolutePath('a/link/../b', () => '/home', posix),
    '/home/a/link/../b',
  )
  t.equal(
    absolutePath('/a/../b', () => '/home', posix),
    '/a/../b',
  )
  t.equal(
    absolutePath('a/', () => '/home', posix),
    '/home/a/',
  )
  t.equal(
    absolutePath('a', () => '/', posix),
    '/a',
  )
  t.equal(
    absolutePath('a\\..\\b', () => 'C:\\home', win32),
    'C:\\home\\b',
  )
  t.equal(
    absolutePath('a/b', () => 'C:\\home', win32),
    'C:\\home\\a\\b',
  )
  t.equal(
    absolutePath('D:\\a', () => 'C:\\home', win32),
    'D:\\a',
  )
  // Of the folder's drive, and from that drive's folder.
  t.equal(
    absolutePath('\\a', () => 'C:\\home', win32),
    'C:\\a',
  )
  t.equal(
    absolutePath('C:a', () => 'C:\\home', win32),
    'C:\\home\\a',
  )
  t.equal(
    absolutePath('\\\\server\\share\\a', () => 'C:\\home', win32),
    '\\\\server\\share\\a',
  )
})

t.test('names of files', async (t) => {
  for (const name of ['a.npy', '.a', '...', 'a..b']) t.ok(isFileName(name), name)
  for (const name of ['a/b', 'a\\b', '.', '..', '/', '../a', '..\\a']) t.notOk(isFileName(name), name)
})
