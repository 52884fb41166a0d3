/**
 * spikeport is an addon, which no bundler takes in: Node loads it from node_modules.
 */

/** @type {{ serverExternalPackages: string[] }} */
const config = { serverExternalPackages: ['spikeport'] }

export default config
