/**
 * How long the command line takes to start.
 */
import { spawnSync } from 'node:child_process'
import t from 'tap'
import { PROGRAM } from '../support/spikeport-program.js'

const ROUNDS = 9
/** In ms, beside a process that does nothing. */
const MOST = 60

function elapsed(args: readonly string[]): number {
  const startedAt = performance.now()
  const { status } = spawnSync('env', ['-u', 'NODE_OPTIONS', process.execPath, ...args])
  t.equal(status, 0)
  return performance.now() - startedAt
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number

t.test('help comes at once', async (t) => {
  for (const argument of ['--version', '--help']) {
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(elapsed(['--eval', '0']))
      ours.push(elapsed([PROGRAM, argument]))
    }
    const more = median(ours) - median(bare)
    t.ok(more <= MOST, `${argument} takes ${more.toFixed(1)} ms more than a process that does nothing`)
  }
})
