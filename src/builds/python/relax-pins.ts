import { parseRequirement } from './requirement.ts'

/** Why an install failed, as far as another attempt can help. */
export type BuildTrouble = { readonly package: string | null } | null

const PACKAGE_OF = [
  // uv: a package that it has no wheel of
  /Failed to (?:build|download and build|prepare|determine metadata for) `([A-Za-z0-9._-]+?)(?:==[^`]*)?`/,
  /(?:Failed to build|Building|Preparing metadata for) ([A-Za-z0-9._-]+)==/,
  // pip
  /Failed building wheel for ([A-Za-z0-9._-]+)/,
  /Could not build wheels for ([A-Za-z0-9._-]+)/,
  /Failed to build installable wheels for some pyproject\.toml based projects \(?([A-Za-z0-9._-]+)/,
  /Encountered error while generating package metadata[^]*?╰─> ([A-Za-z0-9._-]+)/,
  // No version has what this Python needs.
  /Because ([A-Za-z0-9._-]+)==\S+ has no wheels with a matching Python/,
  /no wheels with a matching Python \w+ tag[^]*?`([A-Za-z0-9._-]+)`/,
]

/** The package whose build failed, by the last output of pip or uv. */
export function troubleOf(tail: string): BuildTrouble {
  for (const pattern of PACKAGE_OF) {
    const match = pattern.exec(tail)
    if (match) return { package: match[1]! }
  }
  return UNNAMED.test(tail) ? { package: null } : null
}

/** pip does not always name the package. */
const UNNAMED = /error: subprocess-exited-with-error|metadata-generation-failed/

/**
 * Old packages are built by tools of their time: Cython 3 and setuptools from 81 on removed what their build scripts
 * call.
 */
export const OLD_BUILD_TOOLS = 'setuptools<81\ncython<3\n'

/** Requirements in which the pin of one package became a range that ends before the next major version, or null. */
export function relaxPin(
  requirements: readonly string[],
  name: string,
): { readonly lines: readonly string[]; readonly from: string; readonly to: string } | null {
  let change: { from: string; to: string } | null = null
  const lines = requirements.map((line) => {
    const requirement = parseRequirement(line)
    const version = /^===?(\d+)(\.\d[\w.]*)?$/.exec(requirement.specifier)
    if (requirement.name !== parseRequirement(name).name || version === null) return line
    const pinned = requirement.specifier.replace(/^=+/, '')
    const to = `>=${pinned},<${Number(version[1]) + 1}`
    change = { from: `${requirement.name}==${pinned}`, to: `${requirement.name}${to}` }
    return `${requirement.name}${requirement.extras}${to}${requirement.marker && ` ${requirement.marker}`}`
  })
  return change && { lines, ...(change as { from: string; to: string }) }
}
