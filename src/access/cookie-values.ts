/** Every value that a `Cookie` header gives to exactly this name (case-sensitive), in order. Never throws. */
export function cookieValues(header: string, name: string): string[] {
  throw new Error(`not yet: ${header} ${name}`)
}
