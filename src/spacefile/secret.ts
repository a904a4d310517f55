/** Formats that are credentials, whatever the name of the variable. */
const TOKEN_FORMATS =
  /^(sk|pk|rk)[-_](live|test|proj|ant)?[-_]?\w{16,}|^gh[pousr]_\w{20,}|^github_pat_\w{20,}|^AKIA[A-Z0-9]{12,}|^xox[abpr]-\S{10,}|^AIza[\w-]{30,}|^eyJ[\w-]{10,}\.[\w-]{10,}\.|^-----BEGIN .*PRIVATE KEY/

const SECRET_NAME = /(^|_)(key|token|secret|password|passwd|pwd|credentials?|auth)(_|$)/i

/**
 * Whether the default of an environment preset looks like a secret. Every installation gets the defaults, and readers of
 * the source can read them. A cautious guess, for a warning only.
 */
export function looksLikeSecret(name: string, value: string): boolean {
  if (TOKEN_FORMATS.test(value)) return true
  if (!SECRET_NAME.test(name) || value.length < 12 || /\s/.test(value)) return false
  const isPlaceholder = /^[<[{*x.]|your|example|change|placeholder|^https?:/i.test(value)
  return !isPlaceholder && /\d/.test(value) && /[a-z]/i.test(value)
}
