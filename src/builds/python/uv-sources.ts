import { relative } from 'node:path'
import { BuildFailure } from '../failure.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { appFolders } from '../vanished/app-folders.ts'
import { gitUrl } from './project-files.ts'
import { normaliseName, parseRequirement } from './requirement.ts'
import { asTable, asText, parseToml, type Table } from './toml.ts'

/**
 * Requirements for which `[tool.uv.sources]` of a pyproject.toml names a folder, a repository or an address: they are taken
 * from there. A name of the project is never asked of the index, where a stranger may have it. Throws BuildFailure.
 */
export async function answerUvSources(
  dir: string,
  pyproject: Table,
  requirements: readonly string[],
): Promise<readonly string[]> {
  const sources = asTable(asTable(asTable(pyproject.tool)?.uv)?.sources)
  if (sources === null) return requirements
  const byName = new Map(
    Object.entries(sources).map(([name, value]) => [normaliseName(name), asTable(value)]),
  )
  const members = [...byName.values()].some(isMember) ? await membersBelow(dir) : new Map<string, string>()
  return requirements.map((line) => {
    const { name, extras, marker } = parseRequirement(line)
    const source = name === null ? null : byName.get(name)
    if (name === null || !source) return line
    const path = isMember(source) ? memberPath(members, name) : asText(source.path)
    if (path !== null) return `./${path.replace(/^\.\//, '')}`
    const url = asText(source.url) ?? gitUrl(source)
    return url === null ? line : `${name}${extras} @ ${url}${marker && ` ${marker}`}`
  })
}

const isMember = (source: Table | null): boolean => source?.workspace === true

function memberPath(members: ReadonlyMap<string, string>, name: string): string {
  const path = members.get(name)
  if (path !== undefined) return path
  throw new BuildFailure(
    'user',
    `\`${name}\` is a member of the workspace (\`[tool.uv.sources]\` in pyproject.toml), and its folder is not below the \`src\` of the micro. Choose a \`src\` that contains both. Then run: space push`,
  )
}

/** Folders of Python projects below `dir`, by name. */
async function membersBelow(dir: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for await (const { dir: folder, names, isPackages } of appFolders(dir)) {
    if (isPackages || folder === dir || !names.has('pyproject.toml')) continue
    const text = await readAppFile(folder, 'pyproject.toml', BUILD_LIMITS.packageJsonBytes)
    const name = asText(asTable((text === null ? null : parseToml(text))?.project)?.name)
    if (name !== null) found.set(normaliseName(name), relative(dir, folder))
  }
  return found
}
