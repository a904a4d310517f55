import { MICRO_PORT } from '../sandbox/pasta-args.ts'
import type { BuildCommand } from '../../build-spec.ts'
import type { Tool } from '../../tool.ts'
import { buildPath, headersPath, toolPath } from '../sandbox/tool-mounts.ts'
import { APP_DIR } from '../sandbox/app-dir.ts'
import { SPACE_ZONES } from '../sandbox/space-hosts.ts'
import type { RunnableSandbox } from './launch.ts'

type Env = Readonly<Record<string, string>>

/**
 * Without these, frameworks assume development: Express, Bun, Sinatra and Rails then show a stack trace, or lines of the
 * source, to every visitor. Not set in builds, because package managers would then skip the dependencies of builds.
 */
const PRODUCTION = { NODE_ENV: 'production', RACK_ENV: 'production' } as const

/** The complete environment of a micro. Contains nothing of the server's environment. The app may set all but PORT. */
export function microEnvironment(
  sandbox: RunnableSandbox,
  { dir, env, tools }: { dir: string; env: Env; tools: readonly Tool[] },
): Env {
  return {
    ...basics(sandbox, dir, toolPath(sandbox, tools)),
    ...PRODUCTION,
    ...env,
    PORT: String(MICRO_PORT),
  }
}

/** The complete environment of a build; `settings` are those of this machine (`pickBuildEnvironment`). */
export function buildEnvironment(
  sandbox: RunnableSandbox,
  settings: Env,
  { dir, env, tools = [] }: Pick<BuildCommand, 'dir' | 'env' | 'tools'>,
): Env {
  const programs = [...toolPath(sandbox, tools), ...buildPath(sandbox)]
  const headers = headersPath(sandbox, tools)
  return {
    ...basics(sandbox, dir, programs),
    ...(headers === null ? {} : { npm_config_nodedir: headers }),
    ...settings,
    ...withoutProxy(settings),
    ...env,
  }
}

/** A proxy would resolve the names of Deta Space, which must not be reached from a sandbox (`space-hosts.ts`). */
function withoutProxy(settings: Env): Env {
  if (!Object.keys(settings).some((name) => /^https?_proxy$/i.test(name))) return {}
  const zones = SPACE_ZONES.flatMap((zone) => [zone, `.${zone}`])
  const names = [settings['NO_PROXY'], settings['no_proxy'], ...zones].filter(Boolean).join(',')
  return { NO_PROXY: names, no_proxy: names }
}

/**
 * Outside a sandbox, the names of Deta Space that SDKs have compiled in are those of the internet, and the SDKs would send the
 * app's key there. This name does not exist anywhere (RFC 6761, 6.4), and says in their errors what is missing.
 */
const NOWHERE = 'needs-the-sandbox.invalid'
const NO_DATA_HOSTS = {
  DETA_BASE_HOST: NOWHERE,
  DETA_DRIVE_HOST: NOWHERE,
  DETA_BASE_ROOT_ENDPOINT: `https://${NOWHERE}/v1`,
  DETA_DRIVE_ROOT_ENDPOINT: `https://${NOWHERE}/v1`,
}

function basics(sandbox: RunnableSandbox, dir: string, programs: readonly string[]): Env {
  const isInside = sandbox.kind === 'sandboxed'
  const app = isInside ? APP_DIR : dir
  const tools = isInside ? sandbox.toolchain.insidePath : sandbox.toolchain.outsidePath
  return {
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    // `npm start` would announce new versions of npm in the app's log.
    npm_config_update_notifier: 'false',
    ...(isInside ? {} : NO_DATA_HOSTS),
    // Programs of the app's own dependencies come first, as under `npm run` and in an active virtualenv.
    PATH: [`${app}/node_modules/.bin`, `${app}/.venv/bin`, ...programs, ...tools].join(':'),
  }
}

/** Settings that builds need to reach a registry through a proxy, a mirror or with a private certificate authority. */
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
  'npm_config_ignore_scripts',
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

/** Picks the variables of a host's environment that builds may see: an allow-list, so that no secret is passed by mistake. */
export function pickBuildEnvironment(env: Readonly<Record<string, string | undefined>>): Env {
  const pairs = BUILD_SETTINGS.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []))
  return Object.fromEntries(pairs)
}
