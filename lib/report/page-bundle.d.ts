/** The program of the page, its style and its elements: made by scripts/setup/page-bundle.mjs beside the compiled files. */
export const SCRIPT: string
export const STYLE: string
export const BODY: string
