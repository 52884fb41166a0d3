/**
 * Makes docs/images/report.png: the report of the demo's recording, in Chromium.
 *
 *     npm run setup -- --tests=report && node scripts/report-picture.mjs
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import puppeteer from 'puppeteer-core'
import { SpikeData } from 'spikeport'
import { writeReport } from '../dist/report/write-report.js'
import { simulate } from './demo/simulate.mjs'
import { browserPath } from './setup/browser.mjs'
import { root } from './setup/shell.mjs'

const PICTURE = join(root, 'docs/images/report.png')
const SCREEN = { width: 1280, height: 1130 }
/** A stretch in which single spikes can be seen. */
const ZOOMS = 7
const UNITS = '50'
const CHOSEN = '4'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { train, options } = simulate()
const neuronAttributes = options.neuronAttributes.map((unit, i) => ({ ...unit, quality: i % 5 === 3 ? 'mua' : 'good' }))
const sd = await SpikeData.create(train, { ...options, neuronAttributes })

const folder = mkdtempSync(join(tmpdir(), 'spikeport-picture-'))
const browser = await puppeteer.launch({ executablePath: browserPath(), args: ['--no-sandbox', '--disable-gpu'] })
try {
  const path = join(folder, 'culture.html')
  await writeReport(sd, path, { title: 'Culture A-12', source: 'culture.nwb', format: 'nwb', version }, {}, {})
  const page = await browser.newPage()
  await page.setViewport(SCREEN)
  await page.goto(pathToFileURL(path).href)
  await page.waitForFunction("document.getElementById('view').textContent !== ''")
  await page.select('#page-size', UNITS)
  await page.click(`tbody tr[data-unit="${CHOSEN}"]`)
  for (let i = 0; i < ZOOMS; i++) await page.click('#zoom-in')
  await page.evaluate('scrollTo(0, 0)')
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  mkdirSync(join(root, 'docs/images'), { recursive: true })
  await page.screenshot({ path: PICTURE })
  console.log(`docs/images/report.png: ${statSync(PICTURE).size} bytes`)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
