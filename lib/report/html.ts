/**
 * The page of a report: one file that needs no network. What comes from the recording is data in elements that are not run, and the policy
 * of the page allows its own script and style alone, by their hashes.
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { segmentsForPlan } from '../engine/native-lists.js'
import type { FilePlan } from '../engine/plan/byte-segments.js'
import { SegmentBuilder } from '../engine/plan/segment-builder.js'
import type { Steps } from '../steps.js'
import { inSlices, isDue, spend } from '../steps.js'
import { INFO_ID, partId, ROWS_ID } from './page/page-data.js'
import { BODY, SCRIPT, STYLE } from './page-bundle.js'
import type { ReportData } from './report-data.js'

/** 64 KiB of base64, the longest text that a {@link SegmentBuilder} takes. */
const BASE64_BYTES = 48 * 1024
const TEXT_CHARACTERS = 16 * 1024

const DEFLATE = { level: 6, chunkSize: 256 * 1024 }
const compress = promisify(deflate)

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The segments of the file. */
export async function htmlPage({ info, rows, parts }: ReportData, signal?: AbortSignal): Promise<FilePlan['segments']> {
  const out = new SegmentBuilder()
  const policy = `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`
  const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="spikeport ${info.version}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(info.title)}</title>
<style>`
  await inSlices(texts(out, [head, STYLE, '</style>\n</head>\n', BODY]), signal)
  await inSlices(texts(out, [`<script type="application/json" id="${INFO_ID}">`, json(info), '</script>\n']), signal)
  await inSlices(texts(out, [`<script type="application/jsonl" id="${ROWS_ID}">`]), signal)
  await inSlices(lines(out, rows), signal)
  await inSlices(texts(out, ['</script>\n']), signal)
  for (const [name, { buffer, byteOffset, byteLength }] of parts) {
    const compressed = await compress(new Uint8Array(buffer, byteOffset, byteLength), DEFLATE)
    await inSlices(texts(out, [`<script type="application/octet-stream" id="${partId(name)}">`]), signal)
    await inSlices(base64(out, compressed), signal)
    await inSlices(texts(out, ['</script>\n']), signal)
  }
  await inSlices(texts(out, ['<script type="module">', SCRIPT, '</script>\n</body>\n</html>\n']), signal)
  return inSlices(segmentsForPlan(out.finish()), signal)
}

/** JSON that cannot end the element that it is in. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function* texts(out: SegmentBuilder, all: readonly string[]): Steps<void> {
  for (const text of all) {
    for (let from = 0, to: number; from < text.length; from = to) {
      to = Math.min(from + TEXT_CHARACTERS, text.length)
      // Not between the halves of a character.
      if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to--
      out.utf8(text.slice(from, to))
      spend(to - from)
      if (isDue()) yield
    }
  }
}

function* lines(out: SegmentBuilder, values: readonly unknown[]): Steps<void> {
  for (const value of values) {
    const line = json(value)
    yield* texts(out, [line, '\n'])
  }
}

function* base64(out: SegmentBuilder, bytes: Buffer): Steps<void> {
  for (let from = 0; from < bytes.length; from += BASE64_BYTES) {
    out.latin1(bytes.subarray(from, from + BASE64_BYTES).toString('base64'))
    spend(BASE64_BYTES)
    if (isDue()) yield
  }
}
