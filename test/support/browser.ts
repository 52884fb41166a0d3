/**
 * Reports in a real browser, Debian's Chromium, without a network.
 */
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import puppeteer from 'puppeteer-core'
import { browserPath } from '../../scripts/setup/browser.mjs'

const executablePath = browserPath()

/** Why tests in the browser are skipped; false where it is there. */
export const WITHOUT_BROWSER = executablePath === undefined ? 'Chromium is not installed' : false

/** What the test's user may not have, and a machine for tests does not need. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb']

export async function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('There is no Chromium.')
  return puppeteer.launch({ executablePath, args: ARGS, env: { ...process.env, NODE_OPTIONS: '' } })
}

/** An open report, and what the browser had to say of it. */
export interface OpenReport {
  readonly page: Page
  /** Errors, warnings and requests besides the one for the file. */
  readonly complaints: string[]
}

export interface Screen {
  readonly width?: number
  readonly height?: number
  readonly scale?: number
  readonly scheme?: 'light' | 'dark'
}

export async function openReport(browser: Browser, path: string, screen: Screen = {}): Promise<OpenReport> {
  const { width = 1280, height = 900, scale = 1, scheme = 'light' } = screen
  const url = pathToFileURL(path).href
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.setViewport({ width, height, deviceScaleFactor: scale })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.setOfflineMode(true)
  await page.goto(url)
  await page.waitForFunction("document.getElementById('view').textContent !== ''", { timeout: 20_000 })
  return { page, complaints }
}

/** The text of an element. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '')
}

/** A canvas, as it is. */
export interface Canvas {
  readonly width: number
  readonly height: number
  /** Four bytes for each pixel. */
  readonly data: Buffer
}

export async function canvasOf(page: Page, selector: string): Promise<Canvas> {
  const { width, height, base64 } = (await page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)})
    const { width, height } = canvas
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
    let text = ''
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192))
    return { width, height, base64: btoa(text) }
  })()`)) as { width: number; height: number; base64: string }
  return { width, height, data: Buffer.from(base64, 'base64') }
}

/** Waits until what the page has to draw is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
