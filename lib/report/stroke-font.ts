/**
 * The letters of a plot as lines, for pictures of pixels: those of the labels that `plot.ts` draws, and of numbers.
 */

/** How high capitals are, in the units of the letters, and as a part of the size of a font. */
const CAPITAL = 10
const CAPITAL_PART = 0.7

/** How wide lines are, in the units of the letters. */
const STROKE = 1.15

/** How many lines stand for a curve. */
const CURVE_LINES = 8

/** By letter, how wide it is, and its lines: as the path of an SVG with M, L and Q, y upwards from the base line. */
const LETTERS: Readonly<Record<string, readonly [width: number, path: string]>> = {
  ' ': [3, ''],
  '0': [7, 'M3.5 0Q1 0 1 5Q1 10 3.5 10Q6 10 6 5Q6 0 3.5 0'],
  '1': [7, 'M1.5 8L4 10L4 0'],
  '2': [7, 'M1 7.6Q1.2 10 3.5 10Q6 10 6 7.5Q6 5.6 1 0L6.2 0'],
  '3': [7, 'M1.2 8.3Q1.8 10 3.5 10Q5.8 10 5.8 7.7Q5.8 5.4 3 5.4Q6.2 5.4 6.2 2.7Q6.2 0 3.5 0Q1.4 0 1 2'],
  '4': [7, 'M5 0L5 10L0.8 3L6.6 3'],
  '5': [7, 'M5.8 10L1.8 10L1.4 5.6Q2.2 6.4 3.6 6.4Q6.2 6.4 6.2 3.3Q6.2 0 3.4 0Q1.5 0 1 1.8'],
  '6': [7, 'M5.7 8.6Q5.2 10 3.7 10Q1 10 1 4.6Q1 0 3.6 0Q6.2 0 6.2 3.1Q6.2 6.2 3.7 6.2Q1.3 6.2 1 3.6'],
  '7': [7, 'M0.9 10L6.1 10L2.6 0'],
  '8': [
    7,
    'M3.5 5.4Q1.2 5.4 1.2 7.7Q1.2 10 3.5 10Q5.8 10 5.8 7.7Q5.8 5.4 3.5 5.4Q0.9 5.4 0.9 2.7Q0.9 0 3.5 0Q6.1 0 6.1 2.7Q6.1 5.4 3.5 5.4',
  ],
  '9': [7, 'M1.3 1.4Q1.8 0 3.3 0Q6 0 6 5.4Q6 10 3.4 10Q0.8 10 0.8 6.9Q0.8 3.8 3.3 3.8Q5.7 3.8 6 6.4'],
  '.': [3, 'M1.5 0L1.5 0.3'],
  '−': [7, 'M1 4.5L6 4.5'],
  '(': [3.8, 'M3 11Q1 8 1 4.5Q1 1 3 -2'],
  ')': [3.8, 'M0.8 11Q2.8 8 2.8 4.5Q2.8 1 0.8 -2'],
  '/': [4, 'M0.3 -1L3.7 10.5'],
  S: [7.5, 'M6.4 7.8Q6 10 3.7 10Q1.2 10 1.2 7.6Q1.2 5.8 3.8 5.2Q6.7 4.6 6.7 2.5Q6.7 0 3.8 0Q1.2 0 0.8 2.4'],
  T: [7, 'M0.3 10L6.7 10M3.5 10L3.5 0'],
  U: [8, 'M1 10L1 3.5Q1 0 4 0Q7 0 7 3.5L7 10'],
  e: [6.8, 'M1 3.7L6 3.7Q6 7 3.5 7Q1 7 1 3.5Q1 0 3.6 0Q5.2 0 5.9 1.4'],
  i: [2.4, 'M1.2 7L1.2 0M1.2 9.4L1.2 9.7'],
  k: [6, 'M1 10L1 0M5.3 7L1 2.7M2.6 4.3L5.6 0'],
  m: [9.9, 'M1 0L1 7M1 4.8Q1.5 7 3.2 7Q4.9 7 4.9 4.6L4.9 0M4.9 4.8Q5.4 7 7.1 7Q8.8 7 8.8 4.6L8.8 0'],
  n: [6.7, 'M1 0L1 7M1 4.6Q1.6 7 3.5 7Q5.6 7 5.6 4.4L5.6 0'],
  p: [7, 'M1 7L1 -3M1 3.5Q1 7 3.6 7Q6.1 7 6.1 3.5Q6.1 0 3.6 0Q1 0 1 3.5'],
  s: [5.9, 'M5 5.6Q4.6 7 3 7Q1 7 1 5.4Q1 4 3 3.6Q5.2 3.2 5.2 1.8Q5.2 0 3 0Q1.1 0 0.7 1.6'],
  t: [4, 'M2 9L2 2Q2 0 3.8 0.1M0.5 7L3.6 7'],
}

type Point = readonly [x: number, y: number]

/** A text as lines, from the start of its base line, y downwards. */
export interface TextStrokes {
  readonly width: number
  /** How thick the lines are. */
  readonly thickness: number
  readonly strokes: readonly (readonly [from: Point, to: Point])[]
}

export function strokesOf(text: string, fontSize: number): TextStrokes {
  const scale = (fontSize * CAPITAL_PART) / CAPITAL
  const strokes: [Point, Point][] = []
  let at = 0
  for (const letter of text) {
    const [width, path] = LETTERS[letter] as readonly [number, string]
    const start = at
    const place = ([x, y]: Point): Point => [(start + x) * scale, -y * scale]
    for (const [from, to] of linesOf(path)) strokes.push([place(from), place(to)])
    at += width
  }
  return { width: at * scale, thickness: STROKE * scale, strokes }
}

function* linesOf(path: string): Generator<[Point, Point]> {
  let [x, y] = [0, 0]
  for (const [, command, numbers] of path.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const [a, b, c, d] = (numbers as string).trim().split(' ').map(Number) as [number, number, number, number]
    if (command === 'L')
      yield [
        [x, y],
        [a, b],
      ]
    if (command === 'Q') {
      let before: Point = [x, y]
      for (let i = 1; i <= CURVE_LINES; i++) {
        const part = i / CURVE_LINES
        const curve = (from: number, by: number, to: number) => (1 - part) ** 2 * from + 2 * part * (1 - part) * by + part ** 2 * to
        const point: Point = [curve(x, a, c), curve(y, b, d)]
        yield [before, point]
        before = point
      }
    }
    ;[x, y] = command === 'Q' ? [c, d] : [a, b]
  }
}
