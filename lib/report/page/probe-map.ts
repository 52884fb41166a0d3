/**
 * The map of the probe: a square where a unit is, the selected one marked. Both axes have one scale.
 */
import { axisFor, tickText } from './axis.js'
import { byId, setText, sharpCanvas } from './elements.js'
import { count, short } from './number-text.js'
import { colour } from './theme.js'

const MARGINS = { left: 66, right: 14, top: 10, bottom: 24 } as const
const TICK_SPACING = 70
const SIDE = 7
/** How far from a square a click may be. */
const NEAR = 20
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif'

/** The range of one coordinate. */
interface Range {
  readonly least: number
  readonly most: number
}

export class ProbeMap {
  readonly #canvas = byId<HTMLCanvasElement>('probe')
  readonly #positions: Float64Array
  readonly #x: Range
  readonly #y: Range
  #place: (unit: number) => [x: number, y: number] = () => [NaN, NaN]

  constructor(positions: Float64Array, select: (unit: number) => void) {
    this.#positions = positions
    this.#x = rangeOf(positions, 0)
    this.#y = rangeOf(positions, 1)
    this.#canvas.addEventListener('click', ({ offsetX, offsetY }) => {
      const unit = this.#nearest(offsetX, offsetY)
      if (unit !== undefined) select(unit)
    })
  }

  draw(selected: number): void {
    const { clientWidth, clientHeight } = this.#canvas
    const context = sharpCanvas(this.#canvas, clientWidth, clientHeight)
    context.scale(devicePixelRatio, devicePixelRatio)
    const width = clientWidth - MARGINS.left - MARGINS.right
    const height = clientHeight - MARGINS.top - MARGINS.bottom
    const [spanX, spanY] = [this.#x, this.#y].map(({ least, most }) => Math.max(most - least, 1e-9)) as [number, number]
    const inner = 2 * SIDE
    const isPoint = this.#x.least === this.#x.most && this.#y.least === this.#y.most
    const scale = isPoint ? 1 : Math.min((width - inner) / spanX, (height - inner) / spanY)
    const middle = ({ least, most }: Range) => (least + most) / 2
    const toX = (x: number) => MARGINS.left + width / 2 + (x - middle(this.#x)) * scale
    const toY = (y: number) => MARGINS.top + height / 2 - (y - middle(this.#y)) * scale
    this.#place = (unit) => [toX(this.#positions[2 * unit]!), toY(this.#positions[2 * unit + 1]!)]
    context.font = FONT
    context.strokeStyle = colour('line')
    context.strokeRect(MARGINS.left - 0.5, MARGINS.top - 0.5, width + 1, height + 1)
    this.#drawAxes(context, toX, toY, width, height)
    context.fillStyle = colour('bar')
    for (let unit = 0; unit < this.#positions.length / 2; unit++) this.#drawSquare(context, unit, SIDE)
    const [x, y] = this.#place(selected)
    if (Number.isNaN(x) || Number.isNaN(y)) return setText('probe-summary', `${this.#known()} Unit ${selected} has no position.`)
    context.fillStyle = colour('violation')
    this.#drawSquare(context, selected, SIDE + 5)
    const [atX, atY] = [this.#positions[2 * selected]!, this.#positions[2 * selected + 1]!]
    setText('probe-summary', `${this.#known()} Unit ${selected} is at ${short(atX)}, ${short(atY)}.`)
  }

  #known(): string {
    let known = 0
    for (let i = 0; i < this.#positions.length; i += 2) if (!Number.isNaN(this.#positions[i]!)) known++
    return `Positions of ${count(known)} of ${count(this.#positions.length / 2)} units, as the recording states them.`
  }

  #drawSquare(context: CanvasRenderingContext2D, unit: number, side: number): void {
    const [x, y] = this.#place(unit)
    context.fillRect(x - side / 2, y - side / 2, side, side)
  }

  #drawAxes(
    context: CanvasRenderingContext2D,
    toX: (x: number) => number,
    toY: (y: number) => number,
    width: number,
    height: number,
  ): void {
    context.fillStyle = colour('soft')
    context.textAlign = 'center'
    context.textBaseline = 'top'
    const bottom = MARGINS.top + height
    const x = axisFor(this.#x.least, this.#x.most, Math.max(1, (toX(this.#x.most) - toX(this.#x.least)) / TICK_SPACING))
    for (const tick of x.ticks) {
      if (toX(tick) > MARGINS.left + width + 1) continue
      context.fillRect(Math.round(toX(tick)), bottom, 1, 5)
      context.fillText(tickText(tick, x), toX(tick), bottom + 7)
    }
    context.textAlign = 'right'
    context.textBaseline = 'middle'
    const y = axisFor(this.#y.least, this.#y.most, Math.max(1, (toY(this.#y.least) - toY(this.#y.most)) / TICK_SPACING))
    for (const tick of y.ticks) {
      context.fillRect(MARGINS.left - 5, Math.round(toY(tick)), 5, 1)
      context.fillText(tickText(tick, y), MARGINS.left - 9, toY(tick))
    }
  }

  #nearest(x: number, y: number): number | undefined {
    let nearest: number | undefined
    let least = NEAR
    for (let unit = 0; unit < this.#positions.length / 2; unit++) {
      const [atX, atY] = this.#place(unit)
      const distance = Math.hypot(atX - x, atY - y)
      if (distance < least) [nearest, least] = [unit, distance]
    }
    return nearest
  }
}

/** The range of every second number from `from` on, without NaN. */
function rangeOf(numbers: Float64Array, from: number): Range {
  let [least, most] = [Infinity, -Infinity]
  for (let i = from; i < numbers.length; i += 2) {
    if (numbers[i]! < least) least = numbers[i]!
    if (numbers[i]! > most) most = numbers[i]!
  }
  return { least, most }
}
