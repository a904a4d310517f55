import type { Ecosystem } from '../sbom/package-url.ts'

export interface Package {
  readonly name: string
  readonly version: string
}

export interface Vulnerability {
  readonly id: string
  /** As the registry says it: `high`. */
  readonly severity: string | null
  readonly title: string
  readonly url: string | null
  /** Versions that have the fix; empty when the registry names none. */
  readonly fixedIn: readonly string[]
}

export interface VulnerablePackage extends Package {
  readonly vulnerabilities: readonly Vulnerability[]
}

/** What one registry said. `reason`: why it was not asked about all packages; null when it was. */
export interface Answer {
  readonly found: readonly VulnerablePackage[]
  readonly reason: string | null
}

export interface PackageAudit {
  readonly packages: readonly (VulnerablePackage & { readonly registry: Ecosystem })[]
  readonly unasked: readonly { readonly registry: Ecosystem; readonly reason: string }[]
}

/** Where packages come from: base addresses that the server is configured with. Null: none is configured. */
export interface Registries {
  readonly npm: URL | null
  /** The index without `/simple`. */
  readonly pypi: URL | null
}
