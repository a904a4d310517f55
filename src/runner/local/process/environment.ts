import { MICRO_PORT } from '../sandbox/pasta-args.ts'
import { APP_DIR } from '../sandbox/launch.ts'
import { SPACE_ZONES } from '../sandbox/space-hosts.ts'
import type { RunnableSandbox } from './launch.ts'

type Env = Readonly<Record<string, string>>

/**
 * Without these, frameworks assume development: Express, Bun, Sinatra and Rails then show a stack trace, or lines of the
 * source, to every visitor. Not in builds, where package managers would leave out what builds need.
 */
const PRODUCTION = { NODE_ENV: 'production', RACK_ENV: 'production' } as const

/** The whole environment of a micro: never anything of the server's own. The app may set all but PORT. */
export function microEnvironment(sandbox: RunnableSandbox, dir: string, env: Env): Env {
  return { ...basics(sandbox, dir), ...PRODUCTION, ...env, PORT: String(MICRO_PORT) }
}

/** The whole environment of a build; `settings` are this machine's, the rest is the build's own. */
export function buildEnvironment(sandbox: RunnableSandbox, dir: string, settings: Env, env: Env): Env {
  return { ...basics(sandbox, dir), ...settings, ...withoutProxy(settings), ...env }
}

/** A proxy would look up the names of Deta Space, which lead nowhere in a sandbox. */
function withoutProxy(settings: Env): Env {
  if (!Object.keys(settings).some((name) => /^https?_proxy$/i.test(name))) return {}
  const zones = SPACE_ZONES.flatMap((zone) => [zone, `.${zone}`])
  const names = [settings['NO_PROXY'], settings['no_proxy'], ...zones].filter(Boolean).join(',')
  return { NO_PROXY: names, no_proxy: names }
}

function basics(sandbox: RunnableSandbox, dir: string): Env {
  const isInside = sandbox.kind === 'walls'
  const app = isInside ? APP_DIR : dir
  const tools = isInside ? sandbox.toolchain.insidePath : sandbox.toolchain.outsidePath
  return {
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    // `npm start` would tell the app's log of new versions of npm.
    npm_config_update_notifier: 'false',
    // What the app's own dependencies brought comes first, as under `npm run` and in an active virtualenv.
    PATH: [`${app}/node_modules/.bin`, `${app}/.venv/bin`, ...tools].join(':'),
  }
}

/** Settings by which builds reach a registry behind a proxy, a mirror or a private certificate authority. */
const BUILD_SETTINGS = [
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'PIP_CERT',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_FIND_LINKS',
  'UV_INDEX_URL',
  'npm_config_registry',
  'npm_config_cafile',
  'YARN_NPM_REGISTRY_SERVER',
  'GOPROXY',
  'GONOSUMDB',
  'GOSUMDB',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
]

/** Of a host's environment what builds may see: an allow-list, so that a secret is never passed by oversight. */
export function pickBuildEnvironment(env: Readonly<Record<string, string | undefined>>): Env {
  const pairs = BUILD_SETTINGS.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []))
  return Object.fromEntries(pairs)
}
