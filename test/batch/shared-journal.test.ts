/**
 * The journals of a queue's workers: each knows what all have made.
 */
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Outcome } from '../../lib/batch/journal.js'
import { SharedJournal } from '../../lib/bullmq/shared-journal.js'
import { checkTurns } from '../support/short-turns.js'

function made(output: string, fingerprint: string, second: number): Outcome {
  const time = new Date(second * 1000).toISOString()
  return { status: 'done', input: 'a', output, format: 'nwb', fingerprint, place: '', time }
}

t.test('what another process has made', async (t) => {
  const dir = `${t.testdir()}/made/here`
  const [first, second] = [await SharedJournal.open(dir), await SharedJournal.open(dir)]
  await first.add(made('x', 'one', 1))
  t.equal(second.madeBefore('x')?.fingerprint, undefined)
  // At the same time, as several jobs of a worker ask.
  await Promise.all([second.catchUp(), second.catchUp(), second.catchUp()])
  t.equal(second.madeBefore('x')?.fingerprint, 'one')
  await second.add(made('x', 'two', 2))
  await first.catchUp()
  t.equal(first.madeBefore('x')?.fingerprint, 'two')
  t.equal(readdirSync(dir).length, 2, 'each has a file of its own')
  const { error, ...rest } = { ...made('x', 'none', 3), error: { message: 'x', mayPass: false } }
  const { fingerprint: _, ...failed } = rest
  await first.add({ ...failed, status: 'failed', error })
  await second.catchUp()
  t.equal(second.madeBefore('x')?.fingerprint, 'two', 'what has failed since left it as it was')
})

t.test('the order of the files does not matter', async (t) => {
  const line = (outcome: Outcome) => `${JSON.stringify(outcome)}\n`
  const dir = t.testdir({
    'a.jsonl': line(made('x', 'new', 2)),
    'b.jsonl': line(made('x', 'old', 1)),
    'notes.txt': line(made('y', 'z', 1)),
  })
  const journal = await SharedJournal.open(dir)
  await journal.catchUp()
  t.equal(journal.madeBefore('x')?.fingerprint, 'new')
  t.equal(journal.madeBefore('y')?.fingerprint, undefined)
})

t.test('lines that are damaged, or not whole yet', async (t) => {
  const line = JSON.stringify(made('äx', 'one', 1))
  const dir = t.testdir()
  writeFileSync(`${dir}/a.jsonl`, `{"output"\nnull\n[1]\n\n${line.slice(0, 60)}`)
  const journal = await SharedJournal.open(dir)
  await journal.catchUp()
  t.equal(journal.madeBefore('äx')?.fingerprint, undefined)
  appendFileSync(`${dir}/a.jsonl`, `${line.slice(60)}\n`)
  await journal.catchUp()
  t.equal(journal.madeBefore('äx')?.fingerprint, 'one')
})

t.test('many lines do not hold the event loop', async (t) => {
  const dir = t.testdir()
  writeFileSync(`${dir}/a.jsonl`, Array.from({ length: 20_000 }, (_, i) => `${JSON.stringify(made(`/x/${i}`, 'one', 1))}\n`).join(''))
  await checkTurns(t, async () => {
    const journal = await SharedJournal.open(dir)
    await journal.catchUp()
    t.equal(journal.madeBefore('/x/19999')?.fingerprint, 'one')
  })
})

t.test('a folder that is none', async (t) => {
  const dir = t.testdir({ file: '' })
  await t.rejects(SharedJournal.open(`${dir}/file`), { code: 'ENOTDIR' })
})
