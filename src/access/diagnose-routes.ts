import type { RouteDiagnostic } from './types.ts'

/** What is wrong or surprising about a list of route patterns, for the person who wrote it. */
export function diagnoseRoutes(patterns: readonly string[]): RouteDiagnostic[] {
  throw new Error(`not yet: ${patterns.length}`)
}
