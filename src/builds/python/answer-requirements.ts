import { asksOnlyFrom, chooseVersion } from '../vanished/choose-version.ts'
import type { SuppliedWheel, Supplies } from '../vanished/supplies.ts'
import { VANISHED_PYTHON } from '../vanished/table.ts'
import type { ProjectRequirements } from './find-requirements.ts'
import type { TimeBound } from './code-of-its-time.ts'
import { oldCompanions } from './old-companions.ts'
import { formatRequirement, parseRequirement, type Requirement } from './requirement.ts'

/** What is installed, and what the developer should know about the difference to what was asked. */
export interface AnsweredRequirements extends ProjectRequirements {
  readonly notices: readonly string[]
  /** Variables that pin the packages of ours for everything that this install and later commands ask for. */
  readonly pins: Readonly<Record<string, string>>
}

/** Packages that exist on Windows only; `pip freeze` there lists them. */
const WINDOWS_ONLY = new Set([
  'pywin32',
  'pypiwin32',
  'pywinpty',
  'pywin32-ctypes',
  'windows-curses',
  'comtypes',
  'wmi',
  'pyreadline',
  'wincertstore',
  'win-inet-pton',
])

/**
 * Replaces vanished packages by ours, and leaves out what only another machine can install. Checksums are kept if every
 * package has some, as pip requires.
 */
export function answerRequirements(
  asked: ProjectRequirements,
  supplies: Supplies,
  bounds: readonly TimeBound[] = [],
): AnsweredRequirements {
  const notices: string[] = []
  const chosen = new Map<string, SuppliedWheel | null>()
  const answer = (line: string): string[] => {
    const requirement = parseRequirement(line)
    const left = leftOut(requirement)
    if (left !== null) {
      notices.push(left)
      return []
    }
    return [
      answerOne(requirement, supplies, chosen, notices) ?? withoutForeignPath(line, requirement, notices),
    ]
  }
  const requirements = asked.requirements.flatMap(answer)
  const bounded = asked.constraints.filter((line) => !isVanished(parseRequirement(line)))
  // Nothing is chosen where every version is listed.
  const added = asked.isComplete
    ? { constraints: [], notices: [] }
    : oldCompanions(asked.requirements, asked.constraints, bounds)
  const pins = pinsOf([...chosen.values()], supplies)
  return {
    ...asked,
    requirements: sameHashes(requirements),
    constraints: [...bounded, ...added.constraints],
    notices: [...new Set([...notices, ...added.notices])],
    pins,
  }
}

const isVanished = ({ name }: Requirement) => VANISHED_PYTHON.some((known) => known.name === name)

function leftOut({ name, specifier }: Requirement): string | null {
  if (name !== null && WINDOWS_ONLY.has(name)) return `Left out ${name}: it exists on Windows only`
  // Debian and Ubuntu listed it by mistake.
  if (name === 'pkg-resources' && specifier === '==0.0.0')
    return 'Left out pkg-resources==0.0.0: it does not exist'
  return null
}

function answerOne(
  requirement: Requirement,
  supplies: Supplies,
  chosen: Map<string, SuppliedWheel | null>,
  notices: string[],
): string | null {
  const known = VANISHED_PYTHON.find(({ name }) => name === requirement.name)
  if (known === undefined || requirement.specifier.startsWith('@')) return null
  if (asksOnlyFrom(requirement.specifier, 2)) {
    chosen.set(known.name, null)
    return null
  }
  const version = chooseVersion(requirement.specifier, known.versions) ?? known.versions.at(-1)!
  const wheel = supplies.wheels.find((one) => one.name === known.name && one.version === version)!
  chosen.set(known.name, wheel)
  notices.push(`${known.notice}: ${known.name} ${version} for \`${known.name}${requirement.specifier}\``)
  const hashes = requirement.hashes.length > 0 ? [`sha256:${wheel.sha256}`] : []
  return formatRequirement({ ...requirement, specifier: `@ ${wheel.url}`, hashes })
}

/** `pip freeze` of conda and Debian lists folders of that machine. */
function withoutForeignPath(line: string, { name, specifier }: Requirement, notices: string[]): string {
  if (name === null || !/^@\s*file:\/\/\/(?!app\/)/.test(specifier)) return line
  notices.push(`${name} is listed with a folder of another machine: the newest version is installed instead`)
  return name
}

function pinsOf(
  chosen: readonly (SuppliedWheel | null)[],
  supplies: Supplies,
): Readonly<Record<string, string>> {
  const wheel = chosen.at(-1)
  if (wheel === undefined) return supplies.env
  // The app asks for the other project that has the name now.
  if (wheel === null) return {}
  return wheel.env
}

function sameHashes(lines: readonly string[]): readonly string[] {
  const isHashed = lines.every((line) => /\s--hash[=\s]/.test(line))
  return isHashed ? lines : lines.map((line) => line.replaceAll(/\s--hash[=\s]\S+/g, ''))
}
