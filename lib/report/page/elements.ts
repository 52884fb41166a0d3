/**
 * Elements of the page. Text is only ever set as text.
 */

export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T
}

export function setText(id: string, text: string): void {
  byId(id).textContent = text
}

/** A new element with text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, text = '', className = ''): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

export function onClick(id: string, action: () => void): void {
  byId(id).addEventListener('click', action)
}

/** Gives a canvas as many pixels as the screen has there. */
export function sharpCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio
  canvas.width = Math.max(1, Math.round(width * ratio))
  canvas.height = Math.max(1, Math.round(height * ratio))
  return canvas.getContext('2d') as CanvasRenderingContext2D
}
