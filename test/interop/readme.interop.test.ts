/** The README's examples, as a reader would try them: first the JavaScript, then the Python on the files it wrote. */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { PYTHON_TIMEOUT_MS, pythonEnvironment } from './python.js'

t.setTimeout(PYTHON_TIMEOUT_MS)

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const blocks = (language: string) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)
const dir = t.testdir()

t.test('JavaScript', async (t) => {
  const examples = blocks('js')
  t.equal(examples.length, 4)
  for (const [i, code] of examples.entries()) {
    writeFileSync(`${dir}/example-${i}.mjs`, code)
    const { code: exitCode, stdout, stderr } = await startProcess(process.execPath, [`example-${i}.mjs`], dir).ended
    t.equal(exitCode, 0, stderr)
    for (const [, output] of code.matchAll(/console\.log\(.*\) \/\/ (.*)/g)) t.match(stdout, output)
  }
})

/** What each Python example needs, and how many values it states. */
const PYTHON = [
  { environment: 'numpy2', values: 4 },
  { environment: 'nwb', values: 3 },
] as const

t.equal(blocks('python').length, PYTHON.length)

for (const [i, { environment: name, values }] of PYTHON.entries()) {
  const environment = await pythonEnvironment(name)
  t.test(`Python, ${name}`, { skip: environment.skip }, async (t) => {
    // A line is an expression with its value behind the #.
    const checked = blocks('python')[i]!.replace(/^(\S.*?) +# (.*)$/gm, 'numpy.testing.assert_array_equal($1, $2)')
    t.equal(checked.match(/assert_array_equal/g)?.length, values)
    writeFileSync(`${dir}/example.py`, `import numpy\n${checked}`)
    const { code, stderr } = await startProcess(environment.python, ['-B', 'example.py'], dir).ended
    t.equal(code, 0, stderr)
  })
}
