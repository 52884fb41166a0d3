/**
 * What a batch shows on a terminal: tmux is one that can be looked at.
 */
import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { slowFolder } from '../support/batches.js'
import { PROGRAM } from '../support/spikeport-program.js'

/** What a test waits for at most, in ms. */
const PATIENCE = 30_000

const SOCKET = `spikeport-${process.pid}`
const tmux = (...args: string[]) => execFileSync('env', ['-u', 'NODE_OPTIONS', 'tmux', '-L', SOCKET, ...args], { encoding: 'utf8' })

function whyNoTmux(): string | false {
  try {
    execFileSync('tmux', ['-V'])
    return false
  } catch {
    return 'there is no tmux'
  }
}

/** The lines of the screen, once it shows something. */
async function screenWith(shown: RegExp): Promise<string[]> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const screen = tmux('capture-pane', '-p')
    if (shown.test(screen)) return screen.trimEnd().split('\n')
    if (performance.now() > deadline) throw new Error(`${shown} is not shown:\n${screen}`)
    await delay(20)
  }
}

t.test('progress of many', { skip: whyNoTmux() }, async (t) => {
  const dir = await slowFolder(t, 1.2e7)
  t.teardown(() => tmux('kill-server'))
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '20', '-c', dir, 'env PS1=prompt: sh')
  const call = `clear; '${process.execPath}' '${PROGRAM}' run spec.yml -e overwrite > /dev/null`
  tmux('send-keys', `${call}; echo ended $?`, 'Enter')
  const running = await screenWith(/6 of 7 outputs[\s\S]*Writing +\d+ % /)
  t.match(running.at(-2), /^█{21}░{3} +85 % {3}6 of 7 outputs {3}[\d.]+ [kM]B/)
  t.match(running.at(-1), /^ {2}Writing +\d+ % {3}slow\.h5$/)
  t.equal(running.filter((line) => line.includes('of 7 outputs')).length, 1, 'lines are drawn over')
  const ended = await screenWith(/^ended 0$/m)
  t.notOk(
    ended.some((line) => line.includes('of 7 outputs')),
    'the board is gone',
  )
  t.match(ended.join('\n'), / {6}done {3}skipped {3}failed\n/)

  // A narrow terminal has a line for each all the same.
  tmux('resize-window', '-x', '30', '-y', '8')
  tmux('send-keys', call, 'Enter')
  const narrow = await screenWith(/█[\s\S]*Writing/)
  const board = narrow.filter((line) => /█|Writing/.test(line))
  t.ok(board.length === 2 && board.every((line) => line.length < 30), 'no line is broken')
  tmux('send-keys', 'C-c')
  const interrupted = await screenWith(/Stopped by SIGINT/)
  t.notOk(interrupted.some((line) => line.includes('█')))
})
