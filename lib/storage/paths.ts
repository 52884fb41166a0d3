/**
 * Paths of files as the system writes them. Nothing else in lib/ knows a separator. Tests give the rules of another system.
 */
import system from 'node:path'

type Rules = typeof system.posix

/** Windows takes `/` beside its own separator. */
function isSeparator(character: string | undefined, { sep }: Rules): boolean {
  return character === '/' || character === sep
}

/** Whether a path can only be a folder's. */
export function endsInSeparator(path: string, rules: Rules = system): boolean {
  return isSeparator(path.at(-1), rules)
}

/** The same path without separators at its end, which would make a link to a folder the folder itself. A root keeps its own. */
export function withoutTrailingSeparators(path: string, rules: Rules = system): string {
  const root = rules.parse(path).root.length
  let end = path.length
  while (end > root && isSeparator(path[end - 1], rules)) end--
  return path.slice(0, end)
}

/** The path of an entry of a folder. Not `path.join`, which takes `link/..` for nothing. */
export function entryPath(folder: string, name: string, rules: Rules = system): string {
  return endsInSeparator(folder, rules) ? folder + name : folder + rules.sep + name
}

/** A name without its ending; one that begins with a dot keeps it. */
export function withoutEnding(name: string): string {
  return name.replace(/(?<=.)\.[^.]+$/, '')
}

/** The absolute path that a path means to this process. Windows itself takes `link/..` for nothing, as `path.resolve` does. */
export function absolutePath(path: string, folder: () => string = process.cwd, rules: Rules = system): string {
  // The folder may be gone: an absolute path does without.
  if (rules.isAbsolute(path) && rules.sep === '/') return path
  return rules.sep === '/' ? entryPath(folder(), path, rules) : rules.resolve(folder(), path)
}

/** Whether a name is that of a file in a folder on every system, and leads nowhere else. */
export function isFileName(name: string): boolean {
  return !/[/\\]/.test(name) && name !== '.' && name !== '..'
}
