/**
 * The page of `spikeport report` in a browser: what it draws, and how it is used by mouse, wheel, touch and keys.
 */
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'
import t from 'tap'
import { exportToPickle, SpikeData } from '../../lib/index.js'
import { canvasOf, drawn, openReport, startBrowser, textOf, WITHOUT_BROWSER } from '../support/browser.js'
import { slowdown } from '../support/event-loop.mjs'
import { spikeport } from '../support/spikeport-program.js'

const UNITS = 30
const LENGTH_MS = 60_000
const START_MS = -1000
const EVIL = '</script><img src=x onerror=alert(1)><!--<script>'

/** Whole ms, also at both ends of the window; units differ in rate, and every third one bursts. */
const trains = Array.from({ length: UNITS }, (_, unit) => {
  const times = new Set([START_MS, START_MS + LENGTH_MS - unit])
  for (let i = 0; i < 40 + 10 * unit; i++) {
    const at = START_MS + ((i * 7919 + unit * 104_729) % LENGTH_MS)
    times.add(at)
    if (unit % 3 === 0 && at + 1 < START_MS + LENGTH_MS) times.add(at + 1)
  }
  return Float64Array.from(times).sort()
})
const attributes = trains.map((_, unit) => ({
  unit_id: 100 - unit,
  quality: ['good', 'mua', 'noise'][unit % 3],
  location: [20 * (unit % 2), 40 * unit],
  [`name ${EVIL}`]: `${EVIL} ${unit}`,
}))

const dir = t.testdir()
const browser = WITHOUT_BROWSER ? undefined : await startBrowser()
t.teardown(() => browser?.close())

/** Writes a report of a recording, and returns its path. */
async function reportOf(name: string, sd: SpikeData, ...args: string[]): Promise<string> {
  await exportToPickle(sd, `${dir}/${name}.pkl`)
  const ended = await spikeport(['report', `${name}.pkl`, '-q', ...args], dir)
  t.match(ended, { code: 0, stderr: '' }, name)
  return `${dir}/${name}.html`
}

const recording = await SpikeData.create(trains, { length: LENGTH_MS, startTime: START_MS, neuronAttributes: attributes })
const path = await reportOf('recording', recording, '--title', EVIL)
const open = (screen = {}) => openReport(browser!, path, screen)
const skip = { skip: WITHOUT_BROWSER }

/** The rows of the first column, top to bottom. */
const unitsShown = (page: Page) => page.$$eval('tbody th button', (buttons) => buttons.map(({ textContent }) => Number(textContent)))

const view = async (page: Page) => {
  await drawn(page)
  const text = await textOf(page, '#view')
  const [, from, to] = /, (\S+) to (\S+) s\.$/.exec(text)!
  const [start, end] = [from, to].map((s) => Number(s!.replace('−', '-').replaceAll(',', ''))) as [number, number]
  return { text, start, end, span: end - start }
}

t.test('it opens without a network', skip, async (t) => {
  const { page, complaints } = await open()
  t.equal(await textOf(page, 'h1'), EVIL)
  t.equal(await page.title(), EVIL)
  t.match(await textOf(page, '#source'), 'recording.pkl (pickle)')
  t.match(
    await textOf(page, '#raster-note'),
    'is a tick, at a time rounded to 0.1 ms; those nearer than a pixel cover each other. Unit 0 is on top.',
  )
  t.equal((await page.$$('img, iframe, object')).length, 0, 'text is no markup')
  const texts = await page.$$eval('tbody td', (cells) => cells.map(({ textContent }) => textContent))
  t.ok(texts.includes(`${EVIL} 3`), 'it is shown as it is')
  t.strictSame(complaints, [])
  await page.close()
})

t.test('what a page injects does not run, and what leaves it is blocked', skip, async (t) => {
  const { page } = await open()
  // Without a network, a request fails in any case: what the policy says of it counts.
  const state = await page.evaluate(`new Promise((done) => {
    const blocked = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      blocked.push(effectiveDirective)
      if (blocked.length === 3) done({ blocked, title: document.title })
    })
    setTimeout(() => done({ blocked, title: document.title }), 5000)
    const script = document.createElement('script')
    script.textContent = 'document.title = "changed"'
    document.body.append(script)
    const image = document.createElement('img')
    image.src = 'https://localhost/'
    fetch('https://localhost/').catch(() => {})
  })`)
  t.match(state, { title: EVIL })
  t.strictSame((state as { blocked: string[] }).blocked.toSorted(), ['connect-src', 'img-src', 'script-src-elem'])
  await page.close()
})

t.test('a tick for every spike, at its pixel', skip, async (t) => {
  for (const scale of [1, 2]) {
    for (const scheme of ['light', 'dark'] as const) {
      const { page } = await open({ scale, scheme })
      const { width, height, data } = await canvasOf(page, '#raster-ticks')
      const colour = scheme === 'light' ? [0, 0, 0, 255] : [0xf1, 0xf3, 0xf5, 255]
      let wrong = 0
      for (const [unit, train] of trains.entries()) {
        const expected = new Set<number>()
        for (const ms of train) {
          const x = Math.min(Math.floor(((ms - START_MS) / LENGTH_MS) * width + 1e-7), width - 1)
          for (let i = 0; i < scale; i++) if (x + i < width) expected.add(x + i)
        }
        const y = Math.floor(((unit + 0.4) * height) / UNITS)
        for (let x = 0; x < width; x++) {
          const pixel = [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)]
          const isRight = expected.has(x) ? pixel.every((byte, i) => byte === colour[i]) : pixel[3] === 0
          if (!isRight) wrong++
        }
      }
      t.equal(wrong, 0, `${scheme}, ${scale} pixels a pixel`)
      await page.close()
    }
  }
})

t.test('zoom and move by wheel, keys, buttons and dragging', skip, async (t) => {
  const { page, complaints } = await open()
  const raster = (await page.$('#raster-ticks'))!
  await raster.scrollIntoView()
  const box = (await raster.boundingBox())!
  const whole = await view(page)
  t.match(whole, { start: -1, end: 59, span: 60 })

  // What the pointer is over stays there.
  await page.mouse.move(box.x + box.width / 4, box.y + 50)
  await page.mouse.wheel({ deltaY: -250 })
  const wheeled = await view(page)
  t.ok(Math.abs(wheeled.span - 60 / 1.6) < 0.01, `${wheeled.span} s`)
  t.ok(Math.abs(wheeled.start + wheeled.span / 4 - 14) < 0.1, `from ${wheeled.start} s`)
  await page.mouse.wheel({ deltaY: 2500 })
  t.match(await view(page), { span: 60 })

  await raster.focus()
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  const near = await view(page)
  t.ok(Math.abs(near.span - 60 / 1.6 ** 2) < 0.01)
  await page.keyboard.press('ArrowRight')
  t.ok(Math.abs((await view(page)).start - near.start - near.span * 0.2) < 0.01)
  await page.keyboard.press('ArrowLeft')
  t.ok(Math.abs((await view(page)).start - near.start) < 0.01)
  await page.keyboard.press('Home')
  t.match(await view(page), { start: -1 })
  await page.keyboard.press('End')
  t.match(await view(page), { end: 59 })
  await page.keyboard.press('-')
  t.ok((await view(page)).span > near.span)
  await page.keyboard.press('0')
  t.match(await view(page), { start: -1, end: 59 })

  await page.click('#zoom-in')
  const before = await view(page)
  await page.mouse.move(box.x + box.width / 2, box.y + 50)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2 - 100, box.y + 50, { steps: 4 })
  await page.mouse.up()
  const dragged = await view(page)
  t.ok(Math.abs(dragged.start - before.start - (100 / box.width) * before.span) < 0.05, 'dragging to the left goes on in time')
  t.match(await textOf(page, '#unit-heading'), 'Unit 0', 'and selects nothing')
  await page.click('#whole')
  t.match(await view(page), { span: 60 })
  t.strictSame(complaints, [])
  await page.close()
})

t.test('a pinch zooms', skip, async (t) => {
  const { page } = await open({ width: 400, height: 800, scale: 2 })
  const raster = (await page.$('#raster-ticks'))!
  await raster.scrollIntoView()
  const { x, y, width } = (await raster.boundingBox())!
  const session = await page.createCDPSession()
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((at, id) => ({ x: x + width * at, y: y + 80, id })) })
  await touch('touchStart', 0.4, 0.6)
  for (let i = 1; i <= 5; i++) await touch('touchMove', 0.4 - 0.04 * i, 0.6 + 0.04 * i)
  await touch('touchEnd')
  const { span } = await view(page)
  t.ok(span > 15 && span < 30, `${span} s`)
  await page.close()
})

t.test('pages of units', skip, async (t) => {
  const { page } = await open()
  t.match(await view(page), { text: /^Units 0 to 29 of 30,/ })
  await page.select('#page-size', '10')
  t.match(await view(page), { text: /^Units 0 to 9 of 30,/ })
  t.equal(await page.$eval('#previous-page', (button) => (button as unknown as { disabled: boolean }).disabled), true)
  await page.click('#next-page')
  t.match(await view(page), { text: /^Units 10 to 19 of 30,/ })
  await page.focus('#raster-ticks')
  for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown')
  t.match(await view(page), { text: /^Units 20 to 29 of 30,/ })
  await page.keyboard.press('PageUp')
  t.match(await view(page), { text: /^Units 10 to 19 of 30,/ })
  await page.close()
})

t.test('the table sorts and filters', skip, async (t) => {
  const { page } = await open()
  const sorted = (name: string) => page.$eval(`::-p-xpath(//th[contains(., '${name}')])`, (header) => header.getAttribute('aria-sort'))
  const counts = trains.map(({ length }, unit) => ({ length, unit }))
  const ascending = counts.toSorted((a, b) => a.length - b.length || a.unit - b.unit).map(({ unit }) => unit)
  const descending = counts.toSorted((a, b) => b.length - a.length || a.unit - b.unit).map(({ unit }) => unit)
  t.strictSame(
    await unitsShown(page),
    Array.from({ length: 25 }, (_, unit) => unit),
  )
  t.equal(await sorted('Unit'), 'ascending')
  await page.click(`::-p-xpath(//th/button[contains(., 'Spikes')])`)
  t.strictSame(await unitsShown(page), ascending.slice(0, 25))
  t.strictSame([await sorted('Unit'), await sorted('Spikes')], [null, 'ascending'])
  await page.focus(`::-p-xpath(//th/button[contains(., 'Spikes')])`)
  await page.keyboard.press('Enter')
  t.strictSame(await unitsShown(page), descending.slice(0, 25))
  t.equal(await sorted('Spikes'), 'descending')
  await page.click('#next-rows')
  t.strictSame(await unitsShown(page), descending.slice(25))
  t.match(await textOf(page, '#rows-shown'), '26 to 30 of 30 units')

  await page.type('#filter', 'GOOD')
  const good = descending.filter((unit) => unit % 3 === 0)
  t.strictSame(await unitsShown(page), good)
  t.match(await textOf(page, '#rows-shown'), '1 to 10 of 10 units that the filter lets through, of 30')
  await page.type('#filter', ' none such')
  t.strictSame(await unitsShown(page), [])
  await page.close()
})

t.test('a unit that is selected is shown', skip, async (t) => {
  const { page } = await open()
  await page.select('#page-size', '10')
  const expectations = async (unit: number) => {
    const train = trains[unit]!
    const intervals = Array.from(train.subarray(1), (ms, i) => ms - train[i]!)
    const violated = intervals.filter((ms) => ms < 2).length
    let pairs = 0
    for (const [i, ms] of train.entries()) for (let j = i + 1; j < train.length && train[j]! - ms < 50; j++) pairs++
    const percent = ((100 * violated) / intervals.length).toPrecision(3).replace(/\.?0+$/, '')
    t.equal(await textOf(page, '#unit-heading'), `Unit ${unit} (unit_id ${100 - unit})`)
    t.match(await textOf(page, '#unit-summary'), `Unit ${unit}: ${train.length} spikes`)
    t.match(await textOf(page, '#unit-summary'), `${violated} of ${intervals.length} intervals below 2 ms (${percent} %)`)
    t.match(await textOf(page, '#isi-summary'), `${intervals.filter((ms) => ms < 50).length} intervals are below 50 ms`)
    t.match(await textOf(page, '#lags-summary'), `${pairs} pairs of spikes up to 50 ms apart`)
    t.equal(await page.$eval('tbody tr.chosen', (row) => row.getAttribute('data-unit')), String(unit))
    t.match(await textOf(page, '#probe-summary'), `Unit ${unit} is at ${20 * (unit % 2)}, ${(40 * unit).toLocaleString('en')}.`)
    t.match(await view(page), { text: new RegExp(`^Units ${unit - (unit % 10)} to `) }, 'the raster shows its page')
    await drawn(page)
    for (const id of ['isi', 'lags', 'rate', 'population']) {
      const { data } = await canvasOf(page, `#${id} canvas`)
      let inked = 0
      for (let i = 0; i < data.length; i += 4) if (data[i + 2]! > data[i]! + 60 && data[i + 3]! > 20) inked++
      const isEmpty = (id === 'lags' && pairs === 0) || (id === 'isi' && intervals.every((ms) => ms >= 50))
      t.equal(inked > 30, !isEmpty, `${id} has a curve or bars`)
    }
  }
  await expectations(0)
  await page.click('tbody tr[data-unit="12"]')
  await expectations(12)
  await page.focus('tbody tr[data-unit="12"] button')
  await page.keyboard.press('ArrowDown')
  await expectations(13)
  t.equal(await page.evaluate('document.activeElement.textContent'), '13', 'the focus goes along')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  t.equal(await page.evaluate('document.activeElement.textContent'), '14', 'also after a click')
  await page.keyboard.press('ArrowUp')
  await page.click('#next-unit')
  await expectations(14)
  await page.focus('#raster-ticks')
  await page.keyboard.press('ArrowUp')
  await expectations(13)
  const raster = (await page.$('#raster-ticks'))!
  await raster.scrollIntoView()
  const { x, y, width, height } = (await raster.boundingBox())!
  await page.mouse.click(x + width / 2, y + (height * 5.5) / 10)
  await expectations(15)
  await page.close()
})

t.test('bars are as high as their counts', skip, async (t) => {
  const { page } = await open()
  const unit = 27
  await page.focus('tbody tr[data-unit="0"] button')
  for (let i = 0; i < unit; i++) await page.keyboard.press('ArrowDown')
  await drawn(page)
  const train = trains[unit]!
  const bins = new Float64Array(100)
  for (let i = 1; i < train.length; i++) {
    const bin = Math.floor((train[i]! - train[i - 1]!) / 0.5)
    if (bin < 100) bins[bin]!++
  }
  const { width, height, data } = await canvasOf(page, '#isi canvas')
  // Beside the axes.
  const [left, inside] = [66, width - 66 - 14]
  const heights = bins.map((_, bin) => {
    const x = Math.floor(left + ((bin + 0.5) * inside) / 100)
    let inked = 0
    for (let y = 0; y < height; y++) if (data[4 * (y * width + x) + 2] === 0xbf && data[4 * (y * width + x)] === 0x3f) inked++
    return inked
  })
  const [highest, most] = [Math.max(...heights), Math.max(...bins)]
  t.ok(highest > 80, `${highest} pixels`)
  for (const [bin, count] of bins.entries()) {
    t.ok(Math.abs(heights[bin]! - (highest * count) / most) <= 2, `${count} in bin ${bin}: ${heights[bin]} pixels`)
  }
  await page.close()
})

t.test('light and dark', skip, async (t) => {
  const { page } = await open({ scheme: 'dark' })
  const background = async () => {
    await drawn(page)
    return page.evaluate('getComputedStyle(document.body).backgroundColor')
  }
  const dark = await background()
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
  const light = await background()
  t.not(light, dark)
  await page.click('::-p-xpath(//label[contains(., "Dark")])')
  t.equal(await background(), dark, 'as chosen')
  await page.focus('input[value=dark]')
  await page.keyboard.press('ArrowLeft')
  t.equal(await background(), light, 'by keys')
  await page.close()
})

t.test('accessible', skip, async (t) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  for (const screen of [{ scheme: 'light' }, { scheme: 'dark' }, { width: 400, height: 800 }] as const) {
    const { page } = await open(screen)
    await page.evaluate(axe)
    const violations = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
    )
    t.strictSame(violations, [], JSON.stringify(screen))
    t.ok((await page.evaluate('document.documentElement.scrollWidth <= innerWidth')) === true, 'nothing is wider than the screen')
    await page.close()
  }
})

t.test('by keys alone, in an order that makes sense', skip, async (t) => {
  const { page } = await open()
  const reached: string[] = []
  for (let i = 0; i < 22; i++) {
    await page.keyboard.press('Tab')
    const { name, isVisible } = (await page.evaluate(`(() => {
      const element = document.activeElement
      const { outlineStyle } = getComputedStyle(element.type === 'radio' ? element.nextElementSibling : element)
      return { name: element.id || element.name || element.className || element.textContent, isVisible: outlineStyle !== 'none' }
    })()`)) as { name: string; isVisible: boolean }
    t.ok(isVisible, `${name} shows that it has the focus`)
    reached.push(name)
  }
  const order = ['skip', 'theme', 'zoom-in', 'page-size', 'raster-ticks', 'next-unit', 'filter', 'scroll']
  t.strictSame(
    reached.filter((name) => order.includes(name)),
    order,
  )
  await page.close()
})

t.test('recordings that have little', skip, async (t) => {
  const cases: [name: string, sd: SpikeData, view: RegExp][] = [
    ['no units', new SpikeData([], { length: 0 }), /^No units, 0\.000 to/],
    ['no spikes', new SpikeData([[], []], { length: 1000 }), /^Units 0 to 1 of 2, 0\.000 to 1\.000 s/],
    ['one spike', new SpikeData([[3]]), /^Unit 0 of 1,/],
    ['far from 0', new SpikeData([[1e18 + 512]], { startTime: 1e18, length: 1024 }), /^Unit 0 of 1,/],
    ['very long', new SpikeData([[0, 1e300]]), /^Unit 0 of 1,/],
    ['very short', new SpikeData([[0, 1e-300]]), /^Unit 0 of 1,/],
    ['no length', new SpikeData([[0, 0, 0]], { length: 0 }), /^Unit 0 of 1,/],
  ]
  for (const [name, sd, expected] of cases) {
    const { page, complaints } = await openReport(browser!, await reportOf(name, sd))
    t.match(await textOf(page, '#view'), expected, name)
    t.equal(await page.$eval('#problem', (element) => (element as unknown as { hidden: boolean }).hidden), true)
    t.notMatch(await textOf(page, 'main'), /NaN|Infinity|undefined/)
    t.strictSame(complaints, [])
    await page.close()
  }
})

t.test('thousands of units', skip, async (t) => {
  const many = Array.from({ length: 5000 }, (_, unit) => Float64Array.from({ length: 1 + (unit % 40) }, (_, i) => i * 10 + (unit % 7)))
  const neuronAttributes = many.map((_, unit) => ({ quality: ['good', 'mua'][unit % 2], depth: (unit * 37) % 4999 }))
  const { page, complaints } = await openReport(browser!, await reportOf('many', new SpikeData(many, { neuronAttributes })))
  for (const name of ['depth', 'quality', 'Spikes']) {
    const ms = (await page.$eval(`::-p-xpath(//th/button[contains(., '${name}')])`, (button) => {
      const started = performance.now()
      ;(button as unknown as { click: () => void }).click()
      return performance.now() - started
    })) as number
    t.ok(ms < 150 * slowdown(), `sorted by ${name} in ${ms.toFixed(0)} ms`)
  }
  const started = performance.now()
  await page.type('#filter', 'mua')
  t.match(await textOf(page, '#rows-shown'), '1 to 25 of 2,500 units that the filter lets through, of 5,000')
  t.ok(performance.now() - started < 1500 * slowdown())
  t.strictSame(complaints, [])
  await page.close()
})

t.test('more spikes than a page has', skip, async (t) => {
  // A spike each second for ten minutes in unit 0; the others make it too many.
  const seconds = Float64Array.from({ length: 600 }, (_, i) => i * 1000)
  const dense = Float64Array.from({ length: 700_000 }, (_, i) => (i * 600_000) / 700_000)
  const sd = await SpikeData.create([seconds, dense, dense, dense], { length: 600_000 })
  const { page, complaints } = await openReport(browser!, await reportOf('dense', sd))
  const note = await textOf(page, '#raster-note')
  t.match(note, 'There are 2,100,600 spikes, too many for a page: a mark is a bin of 9.16 ms with one spike or more, not a spike.')
  const { width, height, data } = await canvasOf(page, '#raster-ticks')
  const inked = (row: number) => {
    const y = Math.floor(((row + 0.4) * height) / 4)
    return Array.from({ length: width }, (_, x) => x).filter((x) => data[4 * (y * width + x) + 3]! > 0)
  }
  const expected = new Set(
    Array.from(seconds, (ms) => Math.floor(((Math.floor(ms / (600_000 / 65536)) * 600_000) / 65536 / 600_000) * width + 1e-7)),
  )
  t.strictSame(inked(0), [...expected], 'marks where bins with spikes are')
  t.equal(inked(1).length, width)
  t.strictSame(complaints, [])
  await page.close()
})

t.test('names with characters that mean something', skip, async (t) => {
  mkdirSync(`${dir}/odd`)
  const name = `a b&<i>"'\u0007 %20#?.html`
  renameSync(await reportOf('odd name', new SpikeData([[1]]), '-o', 'odd name.html'), `${dir}/odd/${name}`)
  const { page, complaints } = await openReport(browser!, `${dir}/odd/${name}`)
  t.equal(await textOf(page, 'h1'), 'odd name.pkl')
  t.strictSame(complaints, [])
  await page.close()
})
