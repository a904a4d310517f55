import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { lockRequirements, pipfileLockRequirements } from './lock-files.ts'
import { pipfileRequirements, pyprojectRequirements } from './project-files.ts'
import { readRequirements, type RequirementLines } from './requirements-file.ts'
import { parseToml, type Table } from './toml.ts'
import { answerUvSources } from './uv-sources.ts'

/** What a Python project asks for. */
export interface ProjectRequirements extends RequirementLines {
  /** The file that lists it, for messages. */
  readonly source: string
  /** Every package is listed with its version: nothing else is to be resolved. */
  readonly isComplete: boolean
}

/**
 * The ways to install a project, the most exact first: requirements.txt as on Deta Space (COMPAT 4.5), else its lockfile,
 * else what it lists without versions. Empty: it lists nothing. Throws BuildFailure.
 */
export async function findRequirements(dir: string): Promise<readonly ProjectRequirements[]> {
  const requirements = await readRequirements(dir, 'requirements.txt')
  if (requirements !== null) return [{ source: 'requirements.txt', isComplete: false, ...requirements }]
  const listed = await listedRequirements(dir)
  const locked = await lockedRequirements(dir, listed?.requirements ?? [])
  const found = [locked, listed].filter((way) => way !== null)
  if (found.length > 0 || !existsSync(join(dir, 'setup.py'))) return found
  return [{ ...plain('setup.py', ['.']), isComplete: false }]
}

const plain = (source: string, requirements: readonly string[]) => ({
  source,
  requirements,
  constraints: [],
  options: [],
})

async function listedRequirements(dir: string): Promise<ProjectRequirements | null> {
  const pyproject = await readToml(dir, 'pyproject.toml')
  const project = pyproject && pyprojectRequirements(pyproject)
  if (project)
    return { ...plain('pyproject.toml', await answerUvSources(dir, pyproject, project)), isComplete: false }
  const pipfile = await readToml(dir, 'Pipfile')
  const packages = pipfile && pipfileRequirements(pipfile)
  return packages && { ...plain('Pipfile', packages), isComplete: false }
}

async function lockedRequirements(
  dir: string,
  roots: readonly string[],
): Promise<ProjectRequirements | null> {
  for (const source of ['uv.lock', 'poetry.lock']) {
    const lock = await readToml(dir, source)
    const requirements = lock && lockRequirements(lock, roots)
    if (requirements) return { ...plain(source, requirements), isComplete: true }
  }
  const text = await readAppFile(dir, 'Pipfile.lock', BUILD_LIMITS.lockfileBytes)
  const requirements = text === null ? null : pipfileLockRequirements(text)
  return requirements && { ...plain('Pipfile.lock', requirements), isComplete: true }
}

async function readToml(dir: string, name: string): Promise<Table | null> {
  const text = await readAppFile(dir, name, BUILD_LIMITS.lockfileBytes)
  return text === null ? null : parseToml(text)
}
