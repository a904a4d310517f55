import pkg from '../../package.json' with { type: 'json' }

export const CLI_VERSION: string = pkg.version

/** `linux-x64`; goes to the server in `X-Space-Client` (COMPAT 3.4). */
export const PLATFORM = `${process.platform}-${process.arch}`

export const versionLine = () => `space ${CLI_VERSION} ${PLATFORM}`
