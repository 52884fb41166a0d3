/**
 * Mouse, wheel, touch and keys on the raster.
 */
import type { TimeView } from './time-view.js'

/** What gestures do. */
export interface RasterActions {
  /** After a change of the time that is shown. */
  readonly viewChanged: () => void
  readonly turnPage: (pages: number) => void
  readonly selectNext: (units: number) => void
  /** At a place of the canvas. */
  readonly selectAt: (y: number) => void
  readonly pointed: (x: number, y: number) => void
}

const ZOOM = 1.6
const MOVE = 0.2
/** A wheel reports pixels, and a mouse moves by so many at a notch. */
const WHEEL_PIXELS = 250
/** A pointer that moved less has clicked. */
const CLICK_PIXELS = 4

export function startGestures(canvas: HTMLCanvasElement, view: TimeView, actions: RasterActions): void {
  const { viewChanged, turnPage, selectNext } = actions
  const changed = (change: () => void) => () => {
    change()
    viewChanged()
  }
  const keys: Record<string, () => void> = {
    '+': changed(() => view.zoom(1 / ZOOM)),
    '=': changed(() => view.zoom(1 / ZOOM)),
    '-': changed(() => view.zoom(ZOOM)),
    '0': changed(() => view.reset()),
    ArrowLeft: changed(() => view.move(-MOVE)),
    ArrowRight: changed(() => view.move(MOVE)),
    Home: changed(() => view.move(-Infinity)),
    End: changed(() => view.move(Infinity)),
    PageUp: () => turnPage(-1),
    PageDown: () => turnPage(1),
    ArrowUp: () => selectNext(-1),
    ArrowDown: () => selectNext(1),
  }
  canvas.addEventListener('keydown', (event) => {
    const action = keys[event.key]
    // The browser's own zoom has a modifier.
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    action()
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      const { deltaX, deltaY, offsetX, deltaMode } = event
      // The page scrolls on where there is nothing to zoom out of.
      if (deltaY > 0 && view.isWhole) return
      event.preventDefault()
      const pixels = deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33
      if (Math.abs(deltaX) > Math.abs(deltaY)) view.move((deltaX * pixels) / canvas.clientWidth)
      else view.zoom(ZOOM ** ((deltaY * pixels * (event.ctrlKey ? 5 : 1)) / WHEEL_PIXELS), offsetX / canvas.clientWidth)
      viewChanged()
    },
    { passive: false },
  )
  startPointers(canvas, view, actions)
}

/** One pointer moves, two zoom, and one that stays selects. */
function startPointers(canvas: HTMLCanvasElement, view: TimeView, { viewChanged, selectAt, pointed }: RasterActions): void {
  const down = new Map<number, number>()
  let moved = 0
  canvas.addEventListener('pointerdown', ({ pointerId, offsetX, button }) => {
    if (button !== 0) return
    canvas.setPointerCapture(pointerId)
    if (down.size === 0) moved = 0
    down.set(pointerId, offsetX)
  })
  canvas.addEventListener('pointermove', ({ pointerId, offsetX, offsetY }) => {
    pointed(offsetX, offsetY)
    const before = down.get(pointerId)
    if (before === undefined || offsetX === before) return
    const other = [...down].find(([id]) => id !== pointerId)?.[1]
    moved += Math.abs(offsetX - before)
    if (moved >= CLICK_PIXELS || down.size > 1) {
      if (other === undefined) view.move((before - offsetX) / canvas.clientWidth)
      else view.zoom(Math.abs(before - other) / Math.max(Math.abs(offsetX - other), 1), other / canvas.clientWidth)
      viewChanged()
    }
    down.set(pointerId, offsetX)
  })
  canvas.addEventListener('pointerup', ({ pointerId, offsetY }) => {
    if (down.size === 1 && down.has(pointerId) && moved < CLICK_PIXELS) selectAt(offsetY)
    down.delete(pointerId)
  })
  canvas.addEventListener('pointercancel', ({ pointerId }) => down.delete(pointerId))
}
