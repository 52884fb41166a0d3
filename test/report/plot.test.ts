/**
 * `spikeport plot`: the pictures hold a tick where spikes are.
 */
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { exportSpikeDataToNwb, exportToPickle, SpikeData } from '../../lib/index.js'
import { startBrowser, WITHOUT_BROWSER } from '../support/browser.js'
import { greyPng } from '../support/png-file.js'
import { jsonLines, spikeport } from '../support/spikeport-program.js'

const LENGTH_MS = 10_000
const TRAINS = [[0, 2500, 5000, 10_000], [1000, 1000, 1000.001, 9000], [], Array.from({ length: 50 }, (_, i) => 200 * i + 50)] as const
/** Where the raster is, in points: margins of 44 and 12 beside it, of 8 and 34 above and below. */
const INSIDE = { left: 44, top: 8, width: 72 * 7 - 56, height: 72 * 4 - 42 }

const dir = t.testdir()
const sd = await SpikeData.create(
  TRAINS.map((train) => Float64Array.from(train)),
  { length: LENGTH_MS },
)
await exportToPickle(sd, `${dir}/in.pkl`)
const plot = (...args: string[]) => spikeport(['plot', 'in.pkl', ...args], dir)

/** The places of ticks by row, in points, from a picture that is well-formed as far as it goes. */
function ticksIn(svg: string): { top: number; xs: number[] }[] {
  const [, ticks] = /<g id="ticks"[^>]*>\n(.*?)<\/g>/s.exec(svg)!
  return [...ticks!.matchAll(/<path d="([^"]*)"\/>\n/g)].map(([, path]) => {
    const all = [...path!.matchAll(/M([\d.]+) ([\d.]+)v([\d.]+)/g)]
    return { top: Number(all[0]![2]), xs: all.map(([, x]) => Number(x)) }
  })
}

t.test('SVG', async (t) => {
  const ended = await plot('-o', 'raster.svg', '--json', '-q')
  t.match(ended, { code: 0, stderr: '' })
  t.match(jsonLines(ended), [{ status: 'done', output: 'raster.svg', units: 4, spikes: 58, ticks: 56, spikesShown: 58 }])
  const svg = readFileSync(`${dir}/raster.svg`, 'utf8')
  t.match(
    svg,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="7in" height="4in" viewBox="0 0 504 288">/,
  )
  const rows = ticksIn(svg)
  t.equal(rows.length, 3, 'the unit without spikes has none')
  const xs = (train: readonly number[]) => train.map((ms) => Math.floor((INSIDE.left + (ms / LENGTH_MS) * INSIDE.width) * 100 + 1e-6) / 100)
  t.strictSame(
    rows.map((row) => row.xs),
    [xs(TRAINS[0]), xs([1000, 9000]), xs(TRAINS[3])],
  )
  t.strictSame(
    rows.map((row) => row.top),
    [0, 1, 3].map((unit) => INSIDE.top + (unit * INSIDE.height) / 4),
    'unit 0 is on top',
  )
  for (const label of ['Time (s)', 'Unit', '10', '3']) t.ok(svg.includes(`>${label}</text>`), label)
})

t.test('an SVG is well-formed, and a browser shows it', { skip: WITHOUT_BROWSER }, async (t) => {
  t.match(await plot('-o', 'rate.svg', '--rate', '-q'), { code: 0, stderr: '' })
  const browser = await startBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.goto(pathToFileURL(`${dir}/rate.svg`).href)
  const shown = await page.evaluate(`({
    root: document.documentElement.tagName,
    errors: document.getElementsByTagName('parsererror').length,
    rows: document.querySelectorAll('#ticks path').length,
    highest: document.querySelector('#ticks').getBBox().y,
  })`)
  t.strictSame(shown, { root: 'svg', errors: 0, rows: 3, highest: INSIDE.top })
})

t.test('PNG', async (t) => {
  t.match(await plot('-o', 'raster.png', '--dpi', '144', '-q'), { code: 0, stdout: 'raster.png\n', stderr: '' })
  const { width, height, pixelsPerMetre, pixels } = greyPng(readFileSync(`${dir}/raster.png`))
  t.strictSame({ width, height, pixelsPerMetre }, { width: 1008, height: 576, pixelsPerMetre: 5669 })
  const scale = 144 / 72
  const right = scale * (INSIDE.left + INSIDE.width) + 1
  for (const [unit, train] of TRAINS.entries()) {
    const expected = new Set(train.map((ms) => Math.floor((INSIDE.left + (ms / LENGTH_MS) * INSIDE.width) * scale + 1e-6)))
    const y = Math.floor(scale * (INSIDE.top + ((unit + 0.3) * INSIDE.height) / 4))
    // The axis is at the left.
    const black = Array.from({ length: right }, (_, x) => x).filter((x) => x > scale * INSIDE.left + 1 && pixels[y * width + x] === 0)
    t.strictSame(
      black,
      [...expected].filter((x) => x > scale * INSIDE.left + 1),
      `unit ${unit}`,
    )
  }
})

t.test('units, time and size', async (t) => {
  const args = ['--units', '3,0-1', '--start-ms', '1000', '--end-ms', '5000', '--width-inches', '3.5', '--height-inches', '2']
  const ended = await plot('-o', 'part.svg', '-q', '--json', ...args)
  t.match(jsonLines(ended), [{ ticks: 20 + 2 + 1, spikesShown: 20 + 2 + 3 }])
  const svg = readFileSync(`${dir}/part.svg`, 'utf8')
  t.match(svg, 'width="3.5in" height="2in"')
  t.strictSame(
    ticksIn(svg).map(({ xs }) => xs.length),
    [20, 2, 1],
    'in the order that was given',
  )
})

t.test('from the disk, and without much', async (t) => {
  await exportSpikeDataToNwb(sd, `${dir}/in.nwb`, { fsHz: 20_000 })
  for (const lazy of ['in-lazy', 'no-in-lazy']) {
    t.match(await spikeport(['plot', 'in.nwb', '-o', `${lazy}.svg`, '-q', `--${lazy}`], dir), { code: 0, stderr: '' })
  }
  t.equal(readFileSync(`${dir}/in-lazy.svg`, 'utf8'), readFileSync(`${dir}/no-in-lazy.svg`, 'utf8'))
  for (const few of [new SpikeData([], { length: 0 }), new SpikeData([[]], { length: 5 }), new SpikeData([[0, 0]], { length: 0 })]) {
    await exportToPickle(few, `${dir}/few.pkl`)
    for (const ending of ['svg', 'png']) {
      const ended = await spikeport(['plot', 'few.pkl', '-o', `few.${ending}`, '-q', '-e', 'overwrite', '--rate'], dir)
      t.match(ended, { code: 0, stderr: '' })
    }
    t.notMatch(readFileSync(`${dir}/few.svg`, 'utf8'), /NaN|Infinity|undefined/)
    t.ok(greyPng(readFileSync(`${dir}/few.png`)).width > 0)
  }
})

t.test('calls that make no sense', async (t) => {
  const cases: [args: string[], message: string][] = [
    [[], 'Expected a path that ends in .svg or .png for --output.'],
    [['-o', 'a.jpg'], 'Expected a path that ends in .svg or .png for --output but received a.jpg.'],
    [['-o', 'a.svg', '--units', '1-'], "Expected numbers of units such as 0-9,12 for --units but received '1-'."],
    [['-o', 'a.svg', '--units', '0-2,1'], "Expected each unit once for --units but received '0-2,1'."],
    [['-o', 'a.svg', '--units', '4'], 'Expected units below 4, of which the recording has as many, for --units but received 4.'],
    [['-o', 'a.svg', '--start-ms', '10000'], 'Expected a time after 10000 ms for --end-ms but received 10000.'],
    [['-o', 'a.svg', '--width-inches', '0'], 'Expected a size in inches from 1 to 100 for --width-inches but received 0.'],
    [['-o', 'a.png', '--dpi', '2400', '--width-inches', '50'], 'Expected at most 100000000 pixels for --dpi but received 2400.'],
    [['-o', 'a.svg', '--region-name', 'x'], 'Expected an S3 URL for IN, as there is --region-name.'],
  ]
  for (const [args, message] of cases) {
    t.match(await plot(...args), { code: 2, stdout: '', stderr: `error: ${message}\nspikeport --help says how it is called.\n` })
  }
  t.notOk(existsSync(`${dir}/a.svg`) || existsSync(`${dir}/a.png`))
})
