/** The one form of a host name that the directory knows: lower-case, no port, no trailing dot. */
export function hostKey(host: string): string {
  throw new Error(`not yet: ${host}`)
}
