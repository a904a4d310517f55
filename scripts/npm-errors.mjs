/** Explains errors of npm, and how to fix each. Plain Node, because it runs before any package is installed. */

const UNREACHABLE = [
  'EAI_AGAIN',
  'ENOTFOUND',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EIDLETIMEOUT',
  'ERR_SOCKET_TIMEOUT',
]
const UNTRUSTED = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
]

/** Explains `stderr` of npm as `{ problem, hint }`, one sentence each; null when npm's own text is more helpful. */
export function explainNpmError(stderr) {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr)?.[1]
  if (UNREACHABLE.includes(code))
    return {
      problem: `npm packages could not be downloaded: the registry cannot be reached (${code}).`,
      hint: 'Check the network, and behind a proxy "npm config get proxy"; then run the same command again.',
    }
  if (UNTRUSTED.includes(code))
    return {
      problem: `npm packages could not be downloaded: the certificate of the registry is not trusted (${code}).`,
      hint: 'Behind a proxy that inspects TLS: npm config set cafile <its certificate>. Then run the same command again.',
    }
  return OTHERS[code] ?? null
}

const REFUSED = {
  problem: 'npm packages could not be downloaded: the registry denies access.',
  hint: 'Check "npm config get registry" and "npm whoami", then run the same command again.',
}
const READ_ONLY = {
  problem: 'npm packages could not be written: this user has no write permission here.',
  hint: 'Run the same command as the owner of this folder and of "npm config get cache".',
}
const OTHERS = {
  E401: REFUSED,
  E403: REFUSED,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EROFS: READ_ONLY,
  ENOSPC: {
    problem: 'npm packages could not be written: the disk is full.',
    hint: 'About 300 MB are needed. Free some space (check with: df -h .), then run the same command again.',
  },
  EINTEGRITY: {
    problem: 'npm packages could not be installed: a package differs from package-lock.json.',
    hint: 'Run "npm cache clean --force", then the same command again.',
  },
}
