import packageJson from '../package.json' with { type: 'json' }

/** This tool, as it is named in what it writes. */
export const tool = { name: packageJson.name, version: packageJson.version }
