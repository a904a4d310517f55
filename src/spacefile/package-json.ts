/** The parts of a package.json that identify the kind of a project. */
export interface PackageJson {
  /** Names of all dependencies: runtime, development, optional and peer. */
  readonly dependencies: ReadonlySet<string>
  /** Dependencies that are also needed at run time. */
  readonly runtimeDependencies: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly main: string | null
  readonly hasWorkspaces: boolean
}

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** Never throws: a package.json that is not a JSON object counts as empty. */
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
