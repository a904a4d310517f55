/**
 * Names of Deta Space that its SDKs, its command and apps have compiled in (COMPAT 5, 4.1). Programs send the project
 * key of an app to these names, and the domains may have other owners now. In a sandbox they resolve to the sandbox itself.
 */
export const SPACE_HOSTS = [
  'database.deta.sh',
  'drive.deta.sh',
  'deta.sh',
  'www.deta.sh',
  'api.deta.sh',
  'v1.deta.sh',
  'web.deta.sh',
  'deta.space',
  'www.deta.space',
  'alpha.deta.space',
  'old.deta.space',
  'cdn.deta.space',
  'database.deta.space',
  'drive.deta.space',
] as const

/** The zones of these names. Programs must not pass a name of these zones to a proxy, which would resolve the name itself. */
export const SPACE_ZONES = ['deta.sh', 'deta.space'] as const

/** Of the sandbox's own loopback. Not 127.0.0.1, where port 443 may be the relay to the gateway. */
export const SPACE_ADDRESS = '127.0.0.2'

/**
 * IPv6 is listed too: otherwise a lookup for IPv6 only would be sent to the name server. It is the same address, written for
 * sockets of IPv6 (RFC 4291, 2.5.5.2), so that one listener serves both.
 */
const SPACE_ADDRESSES = [SPACE_ADDRESS, `::ffff:${SPACE_ADDRESS}`] as const

/** Each name also with the final dot of an absolute name (RFC 1034, 3.1): resolvers compare the text of /etc/hosts. */
const SPELLINGS = SPACE_HOSTS.flatMap((name) => [name, `${name}.`])

/** Lines of /etc/hosts. */
export const spaceHostLines = (): string =>
  SPACE_ADDRESSES.map((address) => `${address} ${SPELLINGS.join(' ')}\n`).join('')
