import { LIMIT_FLAGS } from './limit-flags.ts'

/** Every flag of the server, with the variable that stands for it. */
export const SERVER_FLAGS = {
  data: { env: 'OWNSPACE_DATA', help: 'folder for everything that is kept' },
  database: {
    env: 'OWNSPACE_DATABASE',
    help: 'PostgreSQL database instead of a file: postgres://user@host/name (none)',
  },
  'database-connections': {
    env: 'OWNSPACE_DATABASE_CONNECTIONS',
    help: 'open connections to PostgreSQL at most (10)',
  },
  'database-within': {
    env: 'OWNSPACE_DATABASE_WITHIN',
    help: 'time in which PostgreSQL has to answer (30s)',
  },
  port: { env: 'OWNSPACE_PORT', help: 'port of the front door (7070, or 443 with TLS)' },
  domain: { env: 'OWNSPACE_DOMAIN', help: 'base domain (space.localhost)' },
  'public-url': { env: 'OWNSPACE_PUBLIC_URL', help: 'Home as browsers see it, behind a TLS proxy' },
  'tls-cert': {
    env: 'OWNSPACE_TLS_CERT',
    help: 'certificates in PEM with their chain, separated by commas; the port then speaks https',
  },
  'tls-key': { env: 'OWNSPACE_TLS_KEY', help: 'their private keys in PEM, in the same order' },
  'http-port': {
    env: 'OWNSPACE_HTTP_PORT',
    help: 'port that leads from http to https, or off (80 if the port is 443)',
  },
  listen: { env: 'OWNSPACE_LISTEN', help: 'addresses to listen on, separated by commas' },
  'inside-port': {
    env: 'OWNSPACE_INSIDE_PORT',
    help: 'port of 127.0.0.1 by which apps reach apps (a free one)',
  },
  'trust-proxy': {
    env: 'OWNSPACE_TRUST_PROXY',
    help: 'addresses or ranges of proxies in front, separated by commas',
  },
  'name-servers': {
    env: 'OWNSPACE_NAME_SERVERS',
    help: "who is asked for custom domains, separated by commas (the system's)",
  },
  workers: { env: 'OWNSPACE_WORKERS', help: 'gateway processes (one per core from four cores on)' },
  'log-level': { env: 'OWNSPACE_LOG_LEVEL', help: 'debug, info, warn or error (warn)' },
  'micro-network': {
    env: 'OWNSPACE_MICRO_NETWORK',
    help: 'what apps may reach: public or lan, with private addresses (public)',
  },
  'idle-after': {
    env: 'OWNSPACE_IDLE_AFTER',
    help: 'put apps without traffic to sleep after this time, 0 for never (15m)',
  },
  'cli-token-life': {
    env: 'OWNSPACE_CLI_TOKEN_LIFE',
    help: 'log-ins of the command line end after this time without use, 0 for a year after they began (30d)',
  },
  'max-body': {
    env: 'OWNSPACE_MAX_BODY',
    help: 'longest request body that an app is sent, such as 100mb, 0 for any (0)',
  },
  'answer-within': {
    env: 'OWNSPACE_ANSWER_WITHIN',
    help: 'time in which an app has to begin its answer, 0 for any (5m)',
  },
  'max-connections': {
    env: 'OWNSPACE_MAX_CONNECTIONS',
    help: 'open connections of all clients to one gateway process (10000)',
  },
  'max-connections-per-client': {
    env: 'OWNSPACE_MAX_CONNECTIONS_PER_CLIENT',
    help: 'open connections of one address to one gateway process (1000)',
  },
  'hang-after': {
    env: 'OWNSPACE_HANG_AFTER',
    help: 'restart a process of the server that does not respond for this time, 0 for never (15s)',
  },
  'build-disk': {
    env: 'OWNSPACE_BUILD_DISK',
    help: 'most that one build may write, without its cache, such as 4gb, 0 for any (4gb)',
  },
  'app-cache': {
    env: 'OWNSPACE_APP_CACHE',
    help: "most that one app's build cache keeps, 0 for any (2gb)",
  },
  'build-caches': {
    env: 'OWNSPACE_BUILD_CACHES',
    help: 'most that all build caches keep; the least recently used are evicted, 0 for any (10gb)',
  },
  'min-free': {
    env: 'OWNSPACE_MIN_FREE',
    help: 'with less than this free on the disk, pushes are refused, 0 for never (256mb)',
  },
  'disk-reserve': {
    env: 'OWNSPACE_DISK_RESERVE',
    help: 'space kept for the database on a full disk, 0 for none (64mb)',
  },
  'keep-revisions': {
    env: 'OWNSPACE_KEEP_REVISIONS',
    help: 'old revisions of each app that are kept (10)',
  },
  'sandbox-within': {
    env: 'OWNSPACE_SANDBOX_WITHIN',
    help: 'time in which this machine has to set up a sandbox (30s)',
  },
  sandbox: { env: 'OWNSPACE_SANDBOX', help: 'auto, require or off (auto)' },
  'without-sandbox': {
    env: 'OWNSPACE_WITHOUT_SANDBOX',
    help: 'on a server of how many people apps may run without a sandbox: one-person or several-people (one-person)',
  },
  ...LIMIT_FLAGS,
} as const

export type ServerFlag = keyof typeof SERVER_FLAGS
