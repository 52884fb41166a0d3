/**
 * Finds imports and includes that go in a circle, or against the order of the rooms: type imports count as well.
 *
 *     node scripts/lint/import-graph.mjs           of this project
 *     node scripts/lint/import-graph.mjs FOLDER    of the trees in a folder
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from '../setup/shell.mjs'

/**
 * The rooms of a tree, layer by layer: a file imports from its own room and from those of lower layers, so that no circle leads through
 * two rooms. A room is a folder with all folders in it that are no rooms of their own, or a single file, without its extension.
 *
 * @typedef {{ tree: string, extensions: RegExp, imports: RegExp, layers: string[][] }} Rule
 * @type {Rule[]}
 */
const RULES = [
  {
    tree: 'lib',
    extensions: /\.ts$/,
    imports: /\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g,
    layers: [
      ['errors', 'steps'],
      ['memory'],
      ['engine/plan'],
      ['engine'],
      ['engine/reading'],
      ['files'],
      ['options'],
      ['storage', 'recording'],
      ['sources'],
      ['model'],
      ['statistics'],
      ['jobs'],
      ['formats/hdf5'],
      ['formats/kilosort', 'formats/nwb', 'formats/pickle'],
      ['formats/workspace', 'sortings'],
      ['formats'],
      ['report/page'],
      ['report'],
      ['batch'],
      ['bullmq', 'cli', 'index'],
    ],
  },
  {
    tree: 'native',
    extensions: /\.(cc|c|h)$/,
    imports: /^#include "([^"]*)"/gm,
    layers: [
      ['kernels', 'platform'],
      ['engine'],
      ['reading'],
      ['spikes'],
      ['sources'],
      ['replacement'],
      ['hdf5/model'],
      ['hdf5/chunks', 'hdf5/structure'],
      ['hdf5/direct', 'hdf5/library', 'hdf5/streams'],
      ['hdf5/reading'],
      ['hdf5'],
      ['plain_files'],
      ['binding'],
    ],
  },
]

const [folder = root] = process.argv.slice(2)
const rules = RULES.filter(({ tree }) => existsSync(join(folder, tree)))
const problems = rules.length > 0 ? rules.flatMap((rule) => problemsIn(folder, rule)) : [`${folder} has neither lib nor native`]
for (const problem of problems) console.log(problem)
process.exitCode = problems.length > 0 ? 1 : 0

/** What is wrong with the imports of a tree below a folder, one line each. */
function problemsIn(folder, { tree, extensions, imports, layers }) {
  const names = readdirSync(join(folder, tree), { recursive: true, encoding: 'utf8' }).filter((name) => extensions.test(name))
  const files = new Set(names.map(normalize))
  /** A name as it stands in an import: TypeScript's ends with `.js`, C++ counts from the tree's folder or the file's own. */
  const fileFor = (name, importer) =>
    [join(dirname(importer), name), join(dirname(importer), name.replace(/\.js$/, '.ts')), normalize(name)].find((file) => files.has(file))
  const graph = new Map(
    [...files].map((file) => {
      const found = readFileSync(join(folder, tree, file), 'utf8').matchAll(imports)
      return [file, [...new Set([...found].map(([, name]) => fileFor(name, file)).filter((name) => name !== undefined))]]
    }),
  )
  return [...wrongWays(graph, tree, layers), ...circles(graph).map((files) => files.map((file) => `${tree}/${file}`).join(' → '))]
}

/** Imports of a room that is not below the importer's, and files of no room. */
function wrongWays(graph, tree, layers) {
  const rooms = layers.flat()
  const roomOf = (file) =>
    rooms.filter((room) => file.startsWith(`${room}/`) || file.startsWith(`${room}.`)).sort((a, b) => b.length - a.length)[0]
  const below = (room) =>
    layers
      .slice(
        0,
        layers.findIndex((layer) => layer.includes(room)),
      )
      .flat()
  return [...graph].flatMap(([file, imported]) => {
    const room = roomOf(file)
    if (room === undefined) return [`${tree}/${file} is in no room of the order in scripts/lint/import-graph.mjs`]
    const allowed = below(room)
    return imported
      .filter((name) => ![undefined, room, ...allowed].includes(roomOf(name)))
      .map((name) => `${tree}/${file} imports ${tree}/${name}: ${room} may import only ${allowed.join(', ') || 'its own'}`)
  })
}

/** Circles of files: one, as short as possible, through each file that is in any and in none of those before. */
function circles(graph) {
  const found = []
  const seen = new Set()
  for (const file of graph.keys()) {
    const circle = seen.has(file) ? undefined : shortestCircle(graph, file)
    if (!circle) continue
    found.push(circle)
    for (const member of circle) seen.add(member)
  }
  return found
}

/** The shortest way from a file back to itself. */
function shortestCircle(graph, start) {
  const before = new Map([[start, undefined]])
  const queue = [start]
  for (const file of queue) {
    for (const next of graph.get(file)) {
      if (next === start) {
        const way = [start]
        for (let at = file; at !== undefined; at = before.get(at)) way.unshift(at)
        return way
      }
      if (before.has(next)) continue
      before.set(next, file)
      queue.push(next)
    }
  }
  return undefined
}
