/**
 * What the page says of the recording as a whole.
 */
import { byId, element, setText } from './elements.js'
import { count, counted, percent, seconds, short } from './number-text.js'
import type { Report } from './page-parts.js'

export function describeRecording({ info, spikeCounts, violations }: Report): void {
  setText('title', info.title)
  setText('source', `${info.source} (${info.format})`)
  const hz = info.lengthMs > 0 && info.units > 0 ? (info.spikes / info.units / info.lengthMs) * 1000 : NaN
  const intervals = spikeCounts.reduce((sum, spikes) => sum + Math.max(spikes - 1, 0), 0)
  const violated = violations.reduce((sum, each) => sum + each, 0)
  const facts = {
    Units: count(info.units),
    Spikes: count(info.spikes),
    Window: `${seconds(info.startMs)} to ${seconds(info.startMs + info.lengthMs)} s`,
    'Mean rate of a unit': Number.isNaN(hz) ? '–' : `${short(hz)} Hz`,
    [`Intervals below ${short(info.refractoryMs)} ms`]: `${count(violated)} (${percent(violated, intervals)})`,
  }
  for (const [name, text] of Object.entries(facts)) {
    const pair = element('div')
    pair.append(element('dt', name), element('dd', text))
    byId('facts').append(pair)
  }
  setText('raster-note', rasterNote(info))
  byId('columns-note').hidden = info.columnsLeftOut === 0
  setText('columns-note', `${count(info.columnsLeftOut)} more attributes are left out.`)
  setText('footer', `Made by spikeport ${info.version}.`)
}

function rasterNote({ raster, spikes }: Report['info']): string {
  if (raster.kind === 'spikes')
    return `Each of ${counted(spikes, 'spike')} is a tick, at a time rounded to ${short(raster.resolutionMs)} ms; those nearer than a pixel cover each other. Unit 0 is on top.`
  const bins = `${short(raster.binMs)} ms with one spike or more`
  return `There are ${count(spikes)} spikes, too many for a page: a mark is a bin of ${bins}, not a spike. Unit 0 is on top.`
}
