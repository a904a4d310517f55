/** The parts of a package.json that say what a project is. */
export interface PackageJson {
  /** Names of everything that an install brings: runtime, development, optional and peer dependencies. */
  readonly dependencies: ReadonlySet<string>
  /** Those that it also needs when it runs. */
  readonly runtimeDependencies: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly main: string | null
  readonly hasWorkspaces: boolean
}

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** Never throws: a package.json that is no JSON object says nothing. */
export function readPackageJson(text: string): PackageJson {
  const json = parseObject(text)
  return {
    dependencies: new Set(DEPENDENCY_FIELDS.flatMap((field) => keysOf(json[field]))),
    runtimeDependencies: new Set(keysOf(json.dependencies)),
    scripts: new Set(keysOf(json.scripts)),
    main: typeof json.main === 'string' && json.main !== '' ? json.main : null,
    hasWorkspaces: json.workspaces !== undefined,
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isObject(json) ? json : {}
  } catch {
    return {}
  }
}

function keysOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
