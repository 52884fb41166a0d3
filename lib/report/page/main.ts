/**
 * The page of a report: what is selected and shown, and which parts follow.
 */
import { byId, setText } from './elements.js'
import { startGestures } from './gestures.js'
import { count, seconds } from './number-text.js'
import type { Report } from './page-parts.js'
import { readReport } from './page-parts.js'
import { PopulationRate } from './population-rate.js'
import { ProbeMap } from './probe-map.js'
import { RasterPlot } from './raster-plot.js'
import { describeRecording } from './recording-facts.js'
import { startTheme } from './theme.js'
import { TimeView } from './time-view.js'
import { UnitPanel } from './unit-panel.js'
import { UnitTable } from './unit-table.js'

const ZOOM = 1.6
const MOVE = 0.5

function start(report: Report): void {
  const { info } = report
  describeRecording(report)
  const view = new TimeView(info.lengthMs)
  const raster = new RasterPlot(report)
  const population = new PopulationRate(report)
  const panel = new UnitPanel(report)
  const pageSize = byId<HTMLSelectElement>('page-size')
  let selected = 0
  let first = 0
  const page = () => ({ first, count: Math.min(Number(pageSize.value), info.units - first) })

  const drawRaster = () => {
    raster.draw(view, page(), selected)
    population.range(view)
  }
  const showView = () => {
    drawRaster()
    const { count: shown } = page()
    const [from, to] = [view.from, view.to].map((ms) => seconds(info.startMs + ms)) as [string, string]
    setText('view', `${unitsText(first, shown, info.units)}, ${from} to ${to} s.`)
    byId<HTMLButtonElement>('previous-page').disabled = first === 0
    byId<HTMLButtonElement>('next-page').disabled = first + shown >= info.units
    byId<HTMLButtonElement>('zoom-out').disabled = byId<HTMLButtonElement>('whole').disabled = view.isWhole
  }
  let isDue = false
  const viewChanged = () => {
    // Wheels turn faster than screens show.
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      showView()
    })
  }
  const showPageOf = (unit: number) => {
    const size = Number(pageSize.value)
    first = unit - (unit % size)
  }
  const turnPage = (pages: number) => {
    const next = first + pages * Number(pageSize.value)
    if (next < 0 || next >= info.units) return
    first = next
    showView()
  }
  const select = (unit: number) => {
    if (!(unit >= 0 && unit < info.units)) return
    selected = unit
    showPageOf(unit)
    showView()
    panel.show(unit)
    table.show(unit)
    probe?.draw(unit)
  }
  const table = new UnitTable(report, select)
  const probe = info.hasPositions ? new ProbeMap(report.positions, select) : undefined
  byId('probe-section').hidden = probe === undefined
  byId('unit-section').hidden = info.units === 0
  if (!probe) byId('units').classList.add('only')

  startGestures(raster.ticks, view, {
    viewChanged,
    turnPage,
    selectNext: (units) => select(selected + units),
    selectAt: (y) => select(raster.unitAt(y, page()) ?? -1),
    pointed: (x, y) => {
      const unit = raster.unitAt(y, page())
      const ms = info.startMs + view.from + (x / raster.ticks.clientWidth) * view.span
      setText('pointed', unit === undefined ? '' : `Pointer: unit ${count(unit)}, ${seconds(ms)} s.`)
    },
  })
  const button = (id: string, change: () => void) =>
    byId(id).addEventListener('click', () => {
      change()
      showView()
    })
  button('zoom-in', () => view.zoom(1 / ZOOM))
  button('zoom-out', () => view.zoom(ZOOM))
  button('earlier', () => view.move(-MOVE))
  button('later', () => view.move(MOVE))
  button('whole', () => view.reset())
  button('previous-page', () => turnPage(-1))
  button('next-page', () => turnPage(1))
  pageSize.addEventListener('change', () => {
    showPageOf(selected)
    showView()
  })
  byId('previous-unit').addEventListener('click', () => select(selected - 1))
  byId('next-unit').addEventListener('click', () => select(selected + 1))

  const redraw = () => {
    population.redraw()
    panel.redraw()
    probe?.draw(selected)
    drawRaster()
  }
  select(0)
  if (info.units === 0) showView()
  startTheme(redraw)
  // Calls once when it begins to watch, with the sizes that are drawn already.
  let width = document.documentElement.clientWidth
  new ResizeObserver(() => {
    if (width === (width = document.documentElement.clientWidth)) drawRaster()
    else redraw()
  }).observe(byId('raster'))
}

function unitsText(first: number, shown: number, all: number): string {
  if (all === 0) return 'No units'
  return `${shown === 1 ? `Unit ${count(first)}` : `Units ${count(first)} to ${count(first + shown - 1)}`} of ${count(all)}`
}

try {
  start(await readReport())
} catch (error) {
  byId('problem').hidden = false
  setText('problem', `This report cannot be shown: ${(error as Error).message}`)
}
