/**
 * Light and dark: what the system prefers, or what was chosen. A printed page is light.
 */

const prefersDark = matchMedia('(prefers-color-scheme: dark)')

/** @param changed - called after each change of the colours */
export function startTheme(changed: () => void): void {
  const choice = () => (document.querySelector('input[name=theme]:checked') as HTMLInputElement).value
  const show = (theme: string) => {
    document.documentElement.dataset['theme'] = theme
    changed()
  }
  const chosen = () => show(choice() === 'auto' ? (prefersDark.matches ? 'dark' : 'light') : choice())
  for (const input of document.querySelectorAll('input[name=theme]')) input.addEventListener('change', chosen)
  prefersDark.addEventListener('change', chosen)
  addEventListener('beforeprint', () => show('light'))
  addEventListener('afterprint', chosen)
  chosen()
}

/** A colour of the style, by its name. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
