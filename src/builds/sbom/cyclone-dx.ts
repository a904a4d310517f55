import { parseToolName } from '../tools/tool-name.ts'
import { type MicroProvenance, readProvenance } from '../reuse/provenance.ts'
import { readPackageUrl } from './package-url.ts'

/** A bill of materials, CycloneDX 1.6 (cyclonedx.org/docs/1.6/json). */
export interface Sbom {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly version: 1
  readonly metadata: {
    readonly timestamp: string
    readonly tools: { readonly components: readonly SbomComponent[] }
    readonly component: SbomComponent
  }
  readonly components: readonly SbomComponent[]
  /** What the app, and each of its micros, is made of. */
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

export interface SbomComponent {
  readonly type: 'application' | 'library'
  readonly name: string
  readonly version: string
  readonly 'bom-ref'?: string
  readonly purl?: string
}

export interface SbomSubject {
  readonly name: string
  /** Tag of the revision. */
  readonly tag: string
  readonly createdAt: string
}

/** What made a revision, and what it depends on. Null for one that was built before that was recorded. */
export async function readSbom(
  revisionDir: string,
  { name, tag, createdAt }: SbomSubject,
): Promise<Sbom | null> {
  const provenance = await readProvenance(revisionDir)
  if (provenance === null) return null
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: createdAt,
      tools: { components: toolsOf(provenance.micros) },
      component: { type: 'application', name, version: tag, 'bom-ref': 'app' },
    },
    components: componentsOf(provenance.micros, tag),
    dependencies: [
      { ref: 'app', dependsOn: provenance.micros.map(microRef) },
      ...provenance.micros.map((micro) => ({ ref: microRef(micro), dependsOn: [...(micro.packages ?? [])] })),
    ],
  }
}

const toolsOf = (micros: readonly MicroProvenance[]): SbomComponent[] =>
  [...new Set(micros.flatMap(({ tools = [] }) => tools))].flatMap((name) => {
    const tool = parseToolName(name)
    return tool ? [{ type: 'application', name: tool.kind, version: tool.version } as const] : []
  })

const microRef = ({ built }: MicroProvenance): string => `micro:${built.name}`

/** One for each micro, and one for each package. */
function componentsOf(micros: readonly MicroProvenance[], tag: string): SbomComponent[] {
  const urls = new Set(micros.flatMap(({ packages = [] }) => packages))
  return [
    ...micros.map(
      (micro) =>
        ({ type: 'application', name: micro.built.name, version: tag, 'bom-ref': microRef(micro) }) as const,
    ),
    ...[...urls].map(
      (url) => ({ type: 'library', ...readPackageUrl(url), 'bom-ref': url, purl: url }) as const,
    ),
  ]
}
