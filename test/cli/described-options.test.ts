/**
 * The options that formats describe for the command line are those of their loaders and exporters.
 */
import t from 'tap'
import { OPTION_GROUPS } from '../../lib/cli/format-options.js'
import { COMMON, CONVERT } from '../../lib/cli/own-options.js'
import { OUTPUTS } from '../../lib/formats/outputs.js'
import { FORMATS, READERS } from '../../lib/formats/registry.js'
import { SpikeData } from '../../lib/index.js'
import { LOAD_OPTIONS } from '../../lib/jobs/load-call.js'
import type { DescribedValue } from '../../lib/options/described.js'
import { LAZY_OPTIONS } from '../../lib/recording/lazy-loading.js'

for (const { name, options, described } of READERS) {
  const own = Object.keys(options).filter((option) => !(option in LOAD_OPTIONS) && !(option in LAZY_OPTIONS))
  t.strictSame(Object.keys(described).sort(), own.sort(), `loading from ${name}`)
}

t.test('each is one of the exporter', async (t) => {
  const sd = new SpikeData([[1]])
  for (const { name, described, write, from } of FORMATS) {
    // Names are checked before anything else is: all of them, and not one more.
    const given = Object.fromEntries(Object.keys(described).map((option) => [option, null]))
    const written = (options: object) => write(from?.(sd) ?? sd, `${t.testdir()}/not/there`, options)
    const message = /^Expected the name of an option for options/
    await t.rejects(written({ ...given, notAnOption: 1 }), { message: /'notAnOption'/ }, name)
    const error: Error = await written(given).then(
      () => new Error('it was written'),
      (reason) => reason,
    )
    t.notMatch(error.message, message, name)
  }
})

t.test('an option is of one kind, whichever format it is of', async (t) => {
  const kinds = new Map<string, DescribedValue>()
  for (const { options } of [...OPTION_GROUPS, { options: CONVERT }, { options: COMMON }]) {
    for (const [name, { value, text }] of Object.entries(options)) {
      t.strictSame(kinds.get(name) ?? value, value, name)
      kinds.set(name, value)
      t.match(text, /^[A-Za-z].*[^.]$/, `the text of ${name}`)
    }
  }
})

t.strictSame(CONVERT['to']?.value, [...OUTPUTS.keys()])
t.strictSame(CONVERT['from']?.value, [...new Set([...OUTPUTS.keys(), ...READERS.map(({ name }) => name)])])
