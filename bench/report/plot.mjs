/**
 * The ratios as a picture: one bar for each workload, on a logarithmic scale, as SVG that reads well on light and dark pages.
 */
import { timesFaster } from '../goals.mjs'
import { data, ratio } from './format.mjs'
import { isCompressed } from './tables.mjs'

const ROW = 22
const BAR = 12
const TOP = 44
const LEFT = 390
const WIDTH = 900
const RIGHT = 70
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .grid { stroke: #d0d7de } .one { stroke: #57606a } .bar { fill: #80b8ff } .slower { fill: #ff8182 }
  .hand { fill: #fff; stroke: #bc4c00; stroke-width: 2 } .goal { stroke: #1a7f37; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9da7b3 } .grid { stroke: #3d444d } .one { stroke: #9da7b3 } .bar { fill: #1f6feb } .slower { fill: #da3633 }
    .hand { fill: #0d1117; stroke: #db6d28 } .goal { stroke: #3fb950 }
  }`

/** Every headline with a reference, and what is compressed, against the default of h5py's gzip. */
export function plot(results) {
  const rows = results.flatMap((result) => {
    const peer = isCompressed(result) ? 'gzip4' : 'reference'
    if (!(peer in result.sides) || !(result.workload.headline || isCompressed(result))) return []
    const title = isCompressed(result) ? `gzip, ${result.workload.title}` : `${result.workload.title}, ${data(result)}`
    const byHand = 'byHand' in result.sides ? timesFaster(result, 'byHand') : undefined
    return [{ title, value: timesFaster(result, peer), byHand, goal: result.workload.goals?.faster?.[peer] }]
  })
  const values = rows.flatMap(({ value, byHand, goal }) => [value, byHand ?? value, goal ?? value])
  const low = Math.min(0, Math.floor(Math.log10(Math.min(...values))))
  const high = Math.max(1, Math.ceil(Math.log10(Math.max(...values))))
  const x = (value) => LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT)
  const bottom = TOP + rows.length * ROW
  const height = bottom + 28
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    '<title>How many times as long the reference takes as spikeport</title>',
    `<style>${STYLE}\n</style>`,
    ...legend(),
    ...powers(low, high).map((power) => scaleLine(x(10 ** power), 10 ** power, bottom)),
    ...rows.map((row, i) => bar(row, TOP + i * ROW, x)),
    '</svg>\n',
  ].join('\n')
}

function powers(low, high) {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i)
}

function scaleLine(x, value, bottom) {
  const line = `<line class="${value === 1 ? 'one' : 'grid'}" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${bottom}"/>`
  return `${line}<text x="${x}" y="${bottom + 18}" text-anchor="middle">${value} ×</text>`
}

function bar({ title, value, byHand, goal }, top, x) {
  const middle = top + ROW / 2
  const [from, to] = [x(Math.min(value, 1)), x(Math.max(value, 1))]
  const marks = [
    goal && `<line class="goal" x1="${x(goal)}" x2="${x(goal)}" y1="${middle - 9}" y2="${middle + 9}"/>`,
    byHand && `<circle class="hand" cx="${x(byHand)}" cy="${middle}" r="4"/>`,
  ].filter(Boolean)
  return [
    `<text x="${LEFT - 12}" y="${middle + 4}" text-anchor="end">${title}</text>`,
    `<rect class="${value < 1 ? 'slower' : 'bar'}" x="${from}" y="${middle - BAR / 2}" width="${to - from}" height="${BAR}"/>`,
    ...marks,
    `<text x="${WIDTH - 4}" y="${middle + 4}" text-anchor="end">${ratio(value)}</text>`,
  ].join('')
}

function legend() {
  return [
    '<rect class="bar" x="12" y="11" width="24" height="12"/>',
    '<text x="44" y="21">the reference takes this many times as long (compressed: h5py, gzip 4)</text>',
    '<circle class="hand" cx="540" cy="17" r="4"/><text x="552" y="21">h5py or numpy by hand</text>',
    '<line class="goal" x1="730" x2="730" y1="8" y2="26"/><text x="742" y="21">goal</text>',
  ]
}
