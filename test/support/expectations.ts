/** What errors of the library look like. */
export const TYPE_ERROR = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: /^Expected .+ for .+ but received .+\.$/ }
export const VALUE_ERROR = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message: /^Expected .+ for .+ but received .+\.$/ }
