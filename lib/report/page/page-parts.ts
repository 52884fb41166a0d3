/**
 * Reads what the writer has put into the page.
 */
import type { PageInfo, PageRow, PartName } from './page-data.js'
import { INFO_ID, PARTS, partId, ROWS_ID } from './page-data.js'
import { spikesFrom } from './page-spikes.js'

const elementText = (id: string) => document.getElementById(id)?.textContent ?? ''

/** All that a report shows. */
export interface Report {
  readonly info: PageInfo
  readonly rows: readonly PageRow[]
  readonly spikeCounts: Float64Array
  readonly violations: Float64Array
  readonly rates: Uint32Array
  readonly isi: Uint32Array
  readonly lags: Uint32Array
  readonly positions: Float64Array
  readonly spikes: ReturnType<typeof spikesFrom>
}

export async function readReport(): Promise<Report> {
  const info: PageInfo = JSON.parse(elementText(INFO_ID))
  const rows: PageRow[] = elementText(ROWS_ID)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  const [spikeCounts, violations, rates, isi, lags, positions, raster] = await Promise.all([
    part('spikeCounts'),
    part('violations'),
    part('rates'),
    part('isi'),
    part('lags'),
    part('positions'),
    part('raster'),
  ])
  return { info, rows, spikeCounts, violations, rates, isi, lags, positions, spikes: spikesFrom(info, spikeCounts, raster) }
}

async function part<Name extends PartName>(name: Name): Promise<InstanceType<(typeof PARTS)[Name]>> {
  const text = atob(elementText(partId(name)))
  const compressed = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) compressed[i] = text.charCodeAt(i)
  const bytes =
    compressed.length > 0
      ? await new Response(new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer()
      : new ArrayBuffer(0)
  return new PARTS[name](bytes) as InstanceType<(typeof PARTS)[Name]>
}
