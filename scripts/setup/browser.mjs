/**
 * The browser that tests and pictures of reports are made with.
 */
import { output } from './shell.mjs'

/** Debian's name, and those that other systems have it under. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where it is; undefined where none starts: a package of this name may only point to another way to install it. */
export function browserPath() {
  const name = NAMES.find((each) => output(each, ['--version']) !== undefined)
  return name && output('sh', ['-c', `command -v ${name}`])?.trim()
}
