import { poetrySpecifier } from './poetry-version.ts'
import { asTable, asText, asTexts, type Table } from './toml.ts'

/** The requirements in a pyproject.toml: `project.dependencies` (PEP 621), else those of Poetry. Null: it lists none. */
export function pyprojectRequirements(pyproject: Table): readonly string[] | null {
  const project = asTable(pyproject.project)
  if (Array.isArray(project?.dependencies)) return asTexts(project.dependencies)
  const poetry = asTable(asTable(pyproject.tool)?.poetry)
  const dependencies = asTable(poetry?.dependencies)
  if (dependencies === null) return project === null ? null : []
  return Object.entries(dependencies)
    .filter(([name]) => name !== 'python')
    .flatMap(([name, value]) => namedRequirement(name, value, poetrySpecifier) ?? [])
}

/** The `[packages]` of a Pipfile. */
export function pipfileRequirements(pipfile: Table): readonly string[] | null {
  const packages = asTable(pipfile.packages)
  return (
    packages &&
    Object.entries(packages).flatMap(([name, value]) => namedRequirement(name, value, pipSpecifier) ?? [])
  )
}

const pipSpecifier = (version: string): string => (version === '*' ? '' : version)

/** `name = "^1"` or `name = { version = "^1", extras = ["x"], … }`; null for an optional one. */
function namedRequirement(
  name: string,
  value: unknown,
  specifierOf: (text: string) => string,
): string | null {
  const text = asText(value)
  if (text !== null) return `${name}${specifierOf(text)}`
  // Several versions by marker: the last one is for the newest Python.
  const table = asTable(Array.isArray(value) ? value.at(-1) : value)
  if (table === null || table.optional === true) return null
  return tableRequirement(name, table, specifierOf)
}

function tableRequirement(name: string, table: Table, specifierOf: (text: string) => string): string {
  const extras = asTexts(table.extras)
  const start = `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}`
  const marker = markerOf(table)
  const path = asText(table.path)
  if (path !== null) return `./${path.replace(/^\.\//, '')}`
  const url = asText(table.url) ?? gitUrl(table)
  if (url !== null) return `${start} @ ${url}${marker}`
  return `${start}${specifierOf(asText(table.version) ?? '*')}${marker}`
}

export function gitUrl(table: Table): string | null {
  const git = asText(table.git)
  if (git === null) return null
  const revision = asText(table.rev) ?? asText(table.ref) ?? asText(table.tag) ?? asText(table.branch)
  return `git+${git}${revision === null ? '' : `@${revision}`}`
}

function markerOf(table: Table): string {
  const markers = asText(table.markers)
  const platform = asText(table.sys_platform) ?? asText(table.platform)
  if (markers !== null) return ` ; ${markers}`
  return platform === null ? '' : ` ; sys_platform == "${platform.replace(/^[=\s'"]+|['"]+$/g, '')}"`
}
