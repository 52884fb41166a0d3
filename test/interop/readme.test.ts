/**
 * The examples of the README and the guides in docs/, as a reader would try them: first the JavaScript, then the README's Python
 * on the files it wrote.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { PROGRAM } from '../support/spikeport-program.js'
import { writeExampleFiles } from './example-files.js'
import { pythonEnvironment } from './python.js'

const root = new URL('../../', import.meta.url)
// Those of docs/queues.md need a Redis server: test/batch/queues-guide.test.ts runs them.
const guides = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md') && name !== 'queues.md')
const dir = t.testdir()

function blocks(file: string, language: string): string[] {
  const text = readFileSync(new URL(file, root), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)
}

t.test('JavaScript', async (t) => {
  await writeExampleFiles(dir)
  const examples = ['README.md', ...guides.map((name) => `docs/${name}`)].flatMap((file) =>
    blocks(file, 'js').map((code) => ({ file, code })),
  )
  for (const file of ['README.md', 'docs/nwb.md', 'docs/pickle.md', 'docs/reading.md', 'docs/recordings.md']) {
    t.ok(
      examples.some((example) => example.file === file),
      `${file} has an example`,
    )
  }
  for (const [i, { file, code }] of examples.entries()) {
    writeFileSync(`${dir}/example-${i}.mjs`, code)
    const { code: exitCode, stdout, stderr } = await startProcess(process.execPath, [`example-${i}.mjs`], dir).ended
    t.equal(exitCode, 0, `${file}: ${stderr}`)
    for (const [, output] of code.matchAll(/console\.log\(.*\) \/\/ (.*)/g)) t.match(stdout, output)
  }
})

t.test('the command line', async (t) => {
  // On the files that the JavaScript wrote; npx is the package manager's part.
  const [commands] = blocks('README.md', 'sh').filter((block) => block.startsWith('npx spikeport '))
  const script = commands!.replaceAll('npx spikeport', `'${process.execPath}' '${PROGRAM}'`)
  const { code, stdout, stderr } = await startProcess('bash', ['-ec', script], dir).ended
  t.equal(code, 0, stderr)
  t.match(stdout, /^from-phy\.nwb\ncounts\.h5\nfrom-phy\.nwb\n {2}format {6}nwb, /)
})

/** What each Python example needs, and how many values it states. */
const PYTHON = [
  { environment: 'numpy2', values: 4 },
  { environment: 'nwb', values: 3 },
] as const

const python = blocks('README.md', 'python')
t.equal(python.length, PYTHON.length)

for (const [i, { environment: name, values }] of PYTHON.entries()) {
  const environment = await pythonEnvironment(name)
  t.test(`Python, ${name}`, { skip: environment.skip }, async (t) => {
    // A line is an expression with its value after the #.
    const checked = python[i]!.replace(/^(\S.*?) +# (.*)$/gm, 'numpy.testing.assert_array_equal($1, $2)')
    t.equal(checked.match(/assert_array_equal/g)?.length, values)
    writeFileSync(`${dir}/example.py`, `import numpy\n${checked}`)
    const { code, stderr } = await startProcess(environment.python, ['-E', 'example.py'], dir).ended
    t.equal(code, 0, stderr)
  })
}
