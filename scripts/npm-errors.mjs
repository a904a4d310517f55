/** What npm's failures mean, and what to do about each. Plain Node: it runs before anything is installed. */

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

/** `stderr` of npm as `{ problem, hint }`, a sentence each; null when npm's own words say more. */
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
  problem: 'npm packages could not be downloaded: the registry refuses access.',
  hint: 'Check "npm config get registry" and "npm whoami", then run the same command again.',
}
const READ_ONLY = {
  problem: 'npm packages could not be written: this user may not write here.',
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
    hint: 'About 300 MB are needed. Free space (df -h . shows it), then run the same command again.',
  },
  EINTEGRITY: {
    problem: 'npm packages could not be installed: one differs from package-lock.json.',
    hint: 'Run "npm cache clean --force", then the same command again.',
  },
}
