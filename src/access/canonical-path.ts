import type { CanonicalPath } from './types.ts'

/** Reads an origin-form request target (latin1: a character is a byte). */
export function canonicalPath(target: string): CanonicalPath {
  throw new Error(`not yet: ${target}`)
}

/** `/__space` and everything below it, in any spelling: the platform's on every host, and never public. */
export function isReservedPath(path: string): boolean {
  throw new Error(`not yet: ${path}`)
}
