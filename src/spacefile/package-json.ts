/** The parts of a package.json that say what a project is. */
export interface PackageJson {
  /** Names under `dependencies` and `devDependencies`. */
  readonly dependencies: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly main: string | null
}

/** Never throws: a package.json that is no JSON object says nothing. */
export function readPackageJson(text: string): PackageJson {
  const json = parseObject(text)
  return {
    dependencies: new Set([...keysOf(json.dependencies), ...keysOf(json.devDependencies)]),
    scripts: new Set(keysOf(json.scripts)),
    main: typeof json.main === 'string' && json.main !== '' ? json.main : null,
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
