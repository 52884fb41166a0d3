/** Each reads one input, and lets through only errors that the reader does not document. */
export const npy: (bytes: Uint8Array) => Promise<void>
export const pickle: (bytes: Uint8Array) => Promise<void>
export const zip: (bytes: Uint8Array) => Promise<void>
export const table: (bytes: Uint8Array) => Promise<void>
export const params: (bytes: Uint8Array) => Promise<unknown>
