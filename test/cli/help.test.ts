/**
 * Help, completion and the page of documentation, which are made from the table of commands; and how calls end that make no sense.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { COMMANDS } from '../../lib/cli/commands.js'
import { page } from '../../lib/cli/help.js'
import { startProcess } from '../support/child.js'
import { spikeport } from '../support/spikeport-program.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

t.test('docs/command-line.md is what the table says', async (t) => {
  const written = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8')
  t.equal(written, await page(), '`node scripts/command-line-page.mjs` writes it')
})

t.test('help', async (t) => {
  const general = await spikeport(['--help'])
  t.match(general, { code: 0, stderr: '' })
  for (const { name, summary } of COMMANDS) t.match(general.stdout, new RegExp(`^  ${name} +${summary}$`, 'm'))
  t.match(await spikeport([]), { code: 2, stdout: '', stderr: general.stdout })
  for (const args of [['--version'], ['-V']]) t.match(await spikeport(args), { code: 0, stdout: `${version}\n`, stderr: '' })
  for (const { name, examples } of COMMANDS) {
    const help = await spikeport([name, '--help'])
    t.match(help, { code: 0, stderr: '' })
    for (const [call] of examples) t.ok(help.stdout.includes(call), call)
    t.ok(
      help.stdout.split('\n').every((line) => line.length <= 100),
      `lines of ${name}`,
    )
    t.strictSame(await spikeport(['help', name]), help)
  }
})

t.test('calls that make no sense', async (t) => {
  const cases: [args: string[], message: string][] = [
    [
      ['convret'],
      "There is no command 'convret' (did you mean convert?): convert, report, plot, inspect, validate, ls, run, plan, work, status, slurm, k8s, completion.",
    ],
    [['convert', 'a.nwb'], 'Expected IN OUT after spikeport convert but received a.nwb.'],
    [['inspect'], 'Expected IN… after spikeport inspect but received nothing.'],
    [['convert', 'a', 'b.nwb', '--fs', '1'], 'There is no option --fs.'],
    [['completion', 'ksh'], "Expected one of bash, zsh, fish but received 'ksh'."],
  ]
  for (const [args, message] of cases) {
    const ended = await spikeport(args)
    t.strictSame(ended, { code: 2, signal: null, stdout: '', stderr: `error: ${message}\nspikeport --help says how it is called.\n` })
  }
})

t.test('bash completes', async (t) => {
  const { stdout: script } = await spikeport(['completion', 'bash'])
  const completed = async (...words: string[]) => {
    const call = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_spikeport\necho "\${COMPREPLY[@]}"`
    const { code, stdout, stderr } = await startProcess('bash', ['-c', call]).ended
    t.match({ code, stderr }, { code: 0, stderr: '' })
    return stdout.trim().split(' ')
  }
  t.strictSame(await completed('spikeport', 'con'), ['convert'])
  t.strictSame(await completed('spikeport', 'convert', '--raster-b'), ['--raster-bin-size-ms'])
  t.strictSame(await completed('spikeport', 'convert', '--existing', 're'), ['refresh'])
  t.strictSame(await completed('spikeport', 'convert', '-e', 'sk'), ['skip'])
  t.strictSame(await completed('spikeport', 'completion', ''), ['bash', 'zsh', 'fish'])
  t.strictSame(await completed('spikeport', 'help', 'l'), ['ls'])
})

t.test('scripts of other shells', async (t) => {
  t.match((await spikeport(['completion', 'zsh'])).stdout, /^autoload -U \+X bashcompinit && bashcompinit\n_spikeport\(\)/)
  const { stdout } = await spikeport(['completion', 'fish'])
  t.match(stdout, "complete -c spikeport -n __fish_use_subcommand -a convert -d 'Converts a recording from any format to any other'")
  t.match(stdout, "-s e -l existing -x -a 'error skip overwrite refresh'")
})
