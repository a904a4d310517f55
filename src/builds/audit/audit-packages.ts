import { type Ecosystem, ecosystemOf, readPackageUrl } from '../sbom/package-url.ts'
import { ToolFailure, type RegistryOptions } from '../tools/registry.ts'
import { askNpm } from './ask-npm.ts'
import { askPython } from './ask-python.ts'
import { configuredRegistries } from './configured-registries.ts'
import { AUDIT_LIMITS, type AuditLimits, type Bounds } from './limits.ts'
import type { Answer, Package, PackageAudit, Registries } from './types.ts'

/** Which of these packages, given by package URL, have known vulnerabilities. Never rejects for a registry's fault. */
export type AuditPackages = (urls: readonly string[]) => Promise<PackageAudit>

interface AuditOptions extends Omit<RegistryOptions, 'signal'> {
  /** Limits that differ from `AUDIT_LIMITS`. */
  readonly limits?: Partial<Pick<AuditLimits, 'auditMs'>>
}

/** Asks the registries that this server installs from. */
export const createPackageAudit =
  ({ limits, ...options }: AuditOptions): AuditPackages =>
  async (urls) => {
    if (urls.length === 0) return { packages: [], unasked: [] }
    const signal = AbortSignal.timeout(limits?.auditMs ?? AUDIT_LIMITS.auditMs)
    const registries = await configuredRegistries({ ...options, signal }).catch(noneConfigured)
    return await auditPackages(urls, registries, { signal })
  }

function noneConfigured(error: unknown): Registries {
  if (error instanceof ToolFailure) return { npm: null, pypi: null }
  throw error
}

export async function auditPackages(
  urls: readonly string[],
  registries: Registries,
  { signal, ...limits }: Partial<AuditLimits> & { readonly signal: AbortSignal },
): Promise<PackageAudit> {
  const bounds: Bounds = { limits: { ...AUDIT_LIMITS, ...limits }, signal }
  const byRegistry = [...Map.groupBy(urls, ecosystemOf)].flatMap(([registry, list]) =>
    registry === null ? [] : [{ registry, packages: list.map(readPackageUrl) }],
  )
  const answers = await Promise.all(
    byRegistry.map(async ({ registry, packages }) => ({
      registry,
      ...(await ask(registry, packages, { registries, bounds })),
    })),
  )
  return {
    packages: answers.flatMap(({ registry, found }) => found.map((each) => ({ registry, ...each }))),
    unasked: answers.flatMap(({ registry, reason }) => (reason === null ? [] : [{ registry, reason }])),
  }
}

async function ask(
  registry: Ecosystem,
  packages: readonly Package[],
  { registries, bounds }: { readonly registries: Registries; readonly bounds: Bounds },
): Promise<Answer> {
  if (registry === 'cargo') return { found: [], reason: 'it does not offer audits' }
  const address = registries[registry]
  if (address === null) return { found: [], reason: 'the server could not find out its address' }
  return await (registry === 'npm' ? askNpm : askPython)(packages, address, bounds)
}
