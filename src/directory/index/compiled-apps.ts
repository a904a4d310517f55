import { assignRules, compileRules, encodeMounts, type RuleSet } from '../../access/index.ts'
import type { MicroEntry } from '../types.ts'

/** A micro as the app's Spacefile defines it: the same for all instances of a revision. */
export type MicroDefinition = Omit<MicroEntry, 'upstream'>

/** A micro of one app, shared by all its instances. */
export class CompiledMicro {
  readonly name: string
  readonly primary: boolean
  readonly mount: string
  readonly apiKeys: boolean
  readonly spec: MicroDefinition
  readonly #siblings: readonly MicroDefinition[]
  #rules: RuleSet | null = null

  constructor(spec: MicroDefinition, siblings: readonly MicroDefinition[]) {
    this.name = spec.name
    this.primary = spec.primary
    this.mount = spec.primary ? '/' : spec.mount
    this.apiKeys = spec.apiKeys
    this.spec = spec
    this.#siblings = siblings
  }

  /** Compiled at the first access: most apps sleep. */
  get rules(): RuleSet {
    return (this.#rules ??= rulesOf(this.name, this.#siblings))
  }
}

function rulesOf(name: string, micros: readonly MicroDefinition[]): RuleSet {
  const rules = assignRules(micros).find(({ micro }) => micro === name)
  return compileRules(rules ?? { publicRules: [], privateRules: [] })
}

/** The micros of one app, shared by all instances that have exactly these. */
export interface CompiledApp {
  /** Digest of all definitions in it. */
  readonly digest: string
  readonly micros: readonly CompiledMicro[]
  /** See `encodeMounts`. */
  readonly mounts: string
  uses: number
}

/**
 * Apps by the content of their definitions: instances of the same app share one copy of its routes, compiled once. This
 * saves memory and time: what many instances share stays in the processor's caches.
 */
export class CompiledApps {
  readonly #apps = new Map<string, CompiledApp>()

  get size(): number {
    return this.#apps.size
  }

  /** Returns the app that has these micros, and counts one more instance. */
  take(micros: readonly MicroEntry[]): CompiledApp {
    const specs = micros.map(specOf)
    const digest = Bun.SHA256.hash(JSON.stringify(specs), 'base64')
    const app = this.#apps.get(digest) ?? createApp(digest, specs)
    this.#apps.set(digest, app)
    app.uses++
    return app
  }

  /** Counts one instance less. */
  release(app: CompiledApp): void {
    app.uses--
    if (app.uses === 0) this.#apps.delete(app.digest)
  }
}

const specOf = ({ upstream: _upstream, ...spec }: MicroEntry): MicroDefinition => spec

const createApp = (digest: string, specs: readonly MicroDefinition[]): CompiledApp => ({
  digest,
  micros: specs.map((spec) => new CompiledMicro(spec, specs)),
  mounts: encodeMounts(specs),
  uses: 0,
})
