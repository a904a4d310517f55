import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { measureTree, removeTree } from '../../disk/index.ts'
import { syncTrees } from '../../kernel/durable.ts'
import { normalisePermissions } from '../normalise-permissions.ts'
import { type ToolPackage, packageOf, thisPlatform } from './catalog.ts'
import { FETCH_LIMITS, type RegistryOptions, ToolFailure, askRegistry } from './registry.ts'
import { type ToolVersion, toolName, toolTitle } from './tool-name.ts'

/** What is known of a fetched tool; in its folder, as `tool.json`. */
export interface ToolRecord {
  readonly package: string
  readonly version: string
  readonly bytes: number
  /** Of the package, and for Yarn also of its program, which `packageManager` names: hex by algorithm. */
  readonly digests: Readonly<Record<string, readonly string[]>>
}

const RECORD = 'tool.json'
const ALGORITHMS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const

export async function readRecord(toolDir: string): Promise<ToolRecord | null> {
  const text = await readFile(join(toolDir, RECORD), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as ToolRecord)
}

/**
 * Fetches a package with `npm pack`, which compares it with the integrity that the registry states, and puts it into
 * `<dir>/<name>`, complete or not at all. Runs none of its scripts. Throws ToolFailure.
 */
export async function fetchTool(tool: ToolVersion, options: RegistryOptions): Promise<void> {
  const found = packageOf(tool.kind, tool.version, thisPlatform())
  if (found === null) throw new ToolFailure(`there is no ${toolTitle(tool)} for this platform`)
  const script = [
    `npm pack --ignore-scripts --pack-destination . '${found.package}@${tool.version}'`,
    'mv ./*.tgz package.tgz',
    'mkdir package',
    'tar -xzf package.tgz -C package --strip-components=1 --no-same-owner',
  ].join('\n')
  await askRegistry(script, options, (_, workDir) => keep(workDir, found, { tool, dir: options.dir }))
}

interface Target {
  readonly tool: ToolVersion
  readonly dir: string
}

async function keep(workDir: string, found: ToolPackage, { tool, dir }: Target): Promise<void> {
  const draft = join(dir, `draft-${randomUUID()}`)
  try {
    await mkdir(join(draft, 'bin'), { recursive: true })
    // No process of the sandbox is left that could still write to it; its owner changes below.
    await rename(join(workDir, 'package'), join(draft, 'package'))
    const programs = await linkPrograms(draft, found)
    await normalisePermissions(draft, 'tool', NO_BOUNDS)
    const record: ToolRecord = {
      package: found.package,
      version: tool.version,
      bytes: (await measureTree(draft)).bytes,
      digests: await digestsOf([join(workDir, 'package.tgz'), ...(tool.kind === 'yarn' ? programs : [])]),
    }
    await writeFile(join(draft, RECORD), JSON.stringify(record), { mode: 0o644 })
    await syncTrees([draft])
    await rename(draft, join(dir, toolName(tool))).catch(ignoreTaken)
  } finally {
    await removeTree(draft)
  }
}

/** A process that shares the folder has fetched the same version at the same time. */
function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}

const NO_BOUNDS = {
  packageBytes: FETCH_LIMITS.fileBytes,
  dependencyBytes: FETCH_LIMITS.fileBytes,
  microFiles: 100_000,
}

/** Absolute paths of the programs. */
async function linkPrograms(draft: string, { programs, ...found }: ToolPackage): Promise<string[]> {
  const linked: string[] = []
  for (const [name, files] of Object.entries(programs)) {
    const file = await firstFile(join(draft, 'package'), files)
    if (file === null) continue
    const path = join(draft, 'package', file)
    await chmod(path, 0o755)
    await symlink(`../package/${file}`, join(draft, 'bin', name))
    linked.push(path)
  }
  if (linked.length === 0) throw new ToolFailure(`${found.package} has none of its programs`)
  return linked
}

async function firstFile(dir: string, files: readonly string[]): Promise<string | null> {
  for (const file of files) if ((await lstat(join(dir, file)).catch(() => null))?.isFile()) return file
  return null
}

async function digestsOf(files: readonly string[]): Promise<Record<string, string[]>> {
  const digests: Record<string, string[]> = Object.fromEntries(ALGORITHMS.map((name) => [name, []]))
  for (const file of new Set(files)) {
    const hashes = ALGORITHMS.map((name) => ({ name, hash: createHash(name) }))
    for await (const chunk of createReadStream(file))
      for (const { hash } of hashes) hash.update(chunk as Uint8Array)
    for (const { name, hash } of hashes) digests[name]!.push(hash.digest('hex'))
  }
  return digests
}
