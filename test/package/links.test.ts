/**
 * The documents: every relative link leads to a file and a heading that exist.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = ['', 'docs', 'native/kernels/deflate'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)

/** The anchor that a heading gets: lower case, without punctuation, blanks as hyphens. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/** A document without its code blocks. */
function textOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/^```.*?^```/gms, '')
}

for (const document of documents) {
  t.test(document, async (t) => {
    const links = [...textOf(join(root, document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
    for (const link of links.filter((link) => !/^[a-z]+:/.test(link))) {
      const [path = '', fragment] = link.split('#')
      const target = path === '' ? join(root, document) : join(root, dirname(document), path)
      t.ok(existsSync(target), `${link} exists`)
      if (fragment === undefined || !target.endsWith('.md')) continue
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!))
      t.ok(headings.includes(fragment), `${link} is a heading`)
    }
  })
}
