/** Where the browser is; undefined where none starts. */
export function browserPath(): string | undefined
