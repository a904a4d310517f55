/**
 * Names of Deta Space that its SDKs, its command and apps have compiled in (COMPAT 5, 4.1). Programs send them an app's
 * project key, and today they belong to whoever registered them last: in a sandbox they lead to the sandbox itself.
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

/** For programs that ask a proxy, which looks names up itself: the zones, none of which may be asked for there. */
export const SPACE_ZONES = ['deta.sh', 'deta.space'] as const

/**
 * An address of the sandbox's own loopback. Not 127.0.0.1: there, port 443 may be the way to the front door. An app
 * that asks for IPv6 only is led there too, or its lookup would go on to the name server.
 */
const SPACE_ADDRESSES = ['127.0.0.2', '::1'] as const

/** Lines of /etc/hosts. */
export const spaceHostLines = (): string =>
  SPACE_ADDRESSES.map((address) => `${address} ${SPACE_HOSTS.join(' ')}\n`).join('')
