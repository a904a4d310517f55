import { homedir } from 'node:os'
import pc from 'picocolors'
import { type ServerConfig, isLocalName } from '../config/index.ts'

export interface BannerFacts {
  readonly config: ServerConfig
  /** null once the owner exists. */
  readonly setupCode: string | null
  readonly notices: readonly string[]
}

/** The server that the command uses by default. */
const DEFAULT_HOME = 'http://localhost:7070'

/** Printed at start: the address of Home, what to do next, and the data folder. */
export function startBanner({ config, setupCode, notices }: BannerFacts): string {
  const home =
    isLocalName(config.domain) && !config.tls ? `http://localhost:${config.port}` : config.homeOrigin
  const login = home === DEFAULT_HOME ? 'npx space login' : `npx space login --server ${home}`
  const rows: [string, string][] = [['Home', pc.bold(pc.cyan(home))]]
  if (setupCode) rows.push(['Set-up', `open Home and enter the code ${pc.bold(setupCode)}`])
  rows.push(
    ['Next', `${pc.bold(login)}, then in an app's folder ${pc.bold('npx space push')}`],
    ['Data', tilde(config.dataDir)],
    ['Stop', 'Ctrl-C'],
  )
  const body = rows.map(([label, text]) => `  ${pc.dim(label.padEnd(7))} ${text}`)
  const warnings = notices.map((notice) => `  ${pc.yellow('!')} ${notice.replaceAll('\n', '\n    ')}`)
  return [
    '',
    `  ${pc.bold('Ownspace')} is running`,
    '',
    ...body,
    ...(warnings.length ? ['', ...warnings] : []),
    '',
  ].join('\n')
}

function tilde(path: string): string {
  const home = homedir()
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
