import { LIMIT_FLAGS } from './limit-flags.ts'

/** Every flag of the server, with its variable. */
export const SERVER_FLAGS = {
  data: { env: 'OWNSPACE_DATA', help: 'folder for all data' },
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
  port: { env: 'OWNSPACE_PORT', help: 'port of the gateway (7070, or 443 with TLS)' },
  domain: { env: 'OWNSPACE_DOMAIN', help: 'base domain (space.localhost)' },
  'public-url': {
    env: 'OWNSPACE_PUBLIC_URL',
    help: 'address of Home in browsers, behind a proxy that ends TLS',
  },
  'tls-cert': {
    env: 'OWNSPACE_TLS_CERT',
    help: 'certificates in PEM with their chain, separated by commas; the port then speaks https',
  },
  'tls-key': { env: 'OWNSPACE_TLS_KEY', help: 'their private keys in PEM, in the same order' },
  'http-port': {
    env: 'OWNSPACE_HTTP_PORT',
    help: 'port that redirects http to https, or off (80 if the port is 443)',
  },
  listen: { env: 'OWNSPACE_LISTEN', help: 'addresses to listen on, separated by commas' },
  'inside-port': {
    env: 'OWNSPACE_INSIDE_PORT',
    help: 'port on 127.0.0.1 for calls between apps (a free port)',
  },
  'trust-proxy': {
    env: 'OWNSPACE_TRUST_PROXY',
    help: 'proxies whose X-Forwarded-For is trusted: addresses or ranges, separated by commas',
  },
  'name-servers': {
    env: 'OWNSPACE_NAME_SERVERS',
    help: "name servers that verify custom domains, separated by commas (the system's)",
  },
  workers: { env: 'OWNSPACE_WORKERS', help: 'gateway processes (1, or one per core from four cores on)' },
  'log-level': { env: 'OWNSPACE_LOG_LEVEL', help: 'debug, info, warn or error (warn)' },
  'micro-network': {
    env: 'OWNSPACE_MICRO_NETWORK',
    help: 'what apps can reach: public, or lan for private addresses as well (public)',
  },
  'idle-after': {
    env: 'OWNSPACE_IDLE_AFTER',
    help: 'time without traffic after which an app sleeps, 0 for never (15m)',
  },
  'cli-token-life': {
    env: 'OWNSPACE_CLI_TOKEN_LIFE',
    help: 'time without use after which a command-line login expires, 0 for after a year only (30d)',
  },
  'max-body': {
    env: 'OWNSPACE_MAX_BODY',
    help: 'largest request body, for example 100mb, 0 for no limit (0)',
  },
  'answer-within': {
    env: 'OWNSPACE_ANSWER_WITHIN',
    help: 'time for an app to begin its response, 0 for no limit (5m)',
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
    help: 'most that one build may write, without its cache, 0 for no limit (4gb)',
  },
  'app-cache': {
    env: 'OWNSPACE_APP_CACHE',
    help: 'largest build cache of one app, 0 for no limit (2gb)',
  },
  'build-caches': {
    env: 'OWNSPACE_BUILD_CACHES',
    help: 'largest size of all build caches, 0 for no limit; the least recently used are evicted (10gb)',
  },
  'tools-cache': {
    env: 'OWNSPACE_TOOLS_CACHE',
    help: 'largest size of all fetched tools, such as versions of Node, 0 for no limit; the least recently used are evicted (2gb)',
  },
  'min-free': {
    env: 'OWNSPACE_MIN_FREE',
    help: 'free disk space below which pushes are refused, 0 for never (256mb)',
  },
  'disk-reserve': {
    env: 'OWNSPACE_DISK_RESERVE',
    help: 'disk space reserved for the database, 0 for none (64mb)',
  },
  'keep-revisions': {
    env: 'OWNSPACE_KEEP_REVISIONS',
    help: 'old revisions to keep of each app (10)',
  },
  'data-database': {
    env: 'OWNSPACE_DATA_DATABASE',
    help: 'PostgreSQL that collections can be moved to: postgres://user@host/name (none)',
  },
  'data-blobs': {
    env: 'OWNSPACE_DATA_BLOBS',
    help: 'S3 that files of collections can be moved to: s3://bucket/prefix?endpoint=https://host&region=name (none)',
  },
  'data-blobs-key-file': {
    env: 'OWNSPACE_DATA_BLOBS_KEY_FILE',
    help: 'file with two lines for S3: the access key and its secret (none)',
  },
  'backup-to': { env: 'OWNSPACE_BACKUP_TO', help: 'folder for backups of the whole server (none)' },
  'backup-every': { env: 'OWNSPACE_BACKUP_EVERY', help: 'time from one of these backups to the next (24h)' },
  'backup-keep': { env: 'OWNSPACE_BACKUP_KEEP', help: 'backups that stay in the folder (7)' },
  'backup-passphrase-file': {
    env: 'OWNSPACE_BACKUP_PASSPHRASE_FILE',
    help: 'file whose content encrypts these backups (none)',
  },
  'sandbox-within': {
    env: 'OWNSPACE_SANDBOX_WITHIN',
    help: 'time to set up a sandbox (30s)',
  },
  sandbox: { env: 'OWNSPACE_SANDBOX', help: 'auto, require or off (auto)' },
  'without-sandbox': {
    env: 'OWNSPACE_WITHOUT_SANDBOX',
    help: 'who may run apps without a sandbox: one-person, or several-people for servers with more accounts (one-person)',
  },
  ...LIMIT_FLAGS,
} as const

export type ServerFlag = keyof typeof SERVER_FLAGS
