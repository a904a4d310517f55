import { readdir } from 'node:fs/promises'
import type { BuildContext } from '../build-context.ts'
import { BuildFailure } from '../failure.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { type ManagerChoice, YARN_BERRY, choosePackageManager } from '../package-manager.ts'
import { readAppFile } from '../read-app-file.ts'
import { askedNode, chooseNode, npmFor, outdatedNode, pickNode } from './choose-node.ts'
import { type ManagerAsk, isYarnBerry, managerVersion, readManagerField } from './manager-version.ts'
import { reasonOf } from './micro-tools.ts'
import { toolName, toolTitle } from './tool-name.ts'

/**
 * Gives a micro the Node and the package manager that the files in `dir` ask for, and returns the package manager. What
 * cannot be fetched is replaced by this machine's program, and the log says so. Throws BuildFailure for a package manager
 * whose hash is not the one in package.json.
 */
export async function addProjectTools(build: BuildContext, dir = build.workDir): Promise<ManagerChoice> {
  const read = (name: string, maxBytes: number = SMALL_BYTES) => readAppFile(dir, name, maxBytes)
  const packageJson = parseObject((await read('package.json', BUILD_LIMITS.packageJsonBytes)) ?? '{}')
  await addNode(build, {
    packageJson,
    nvmrc: await read('.nvmrc'),
    nodeVersion: await read('.node-version'),
  })
  const names = new Set(await readdir(dir))
  const choice = choosePackageManager(names, readManagerField(packageJson)?.name)
  const { name } = choice.manager
  const ask = managerVersion(name, {
    packageJson,
    lock: choice.lockfile && (await read(choice.lockfile, BUILD_LIMITS.lockfileBytes)),
    yarnrc: await read('.yarnrc.yml'),
    pnpmWorkspace: await read('pnpm-workspace.yaml'),
  })
  if (ask !== null) await addManager(build, name, ask)
  if (name !== 'yarn' || ask === null || !isYarnBerry(ask.version)) return choice
  await setUpBerry(build, await read('.yarnrc.yml'))
  return { ...choice, manager: YARN_BERRY }
}

const SMALL_BYTES = 100_000

async function addNode(build: BuildContext, files: Parameters<typeof askedNode>[0]): Promise<void> {
  const { tools, log } = build
  const { store, fetching } = tools
  if (store === null || tools.versionOf('node') !== null) return
  const ask = askedNode(files)
  if (ask === null && !/^node(js)?(1[7-9]|[2-9]\d)$/.test(build.spec.engine.name)) return
  try {
    const machine = await store.machine(fetching)
    const choice = chooseNode(build.spec.engine.name, ask, machine.node)
    if (choice.kind === 'machine') return
    const wanted = `Node ${choice.range}, which ${choice.from} asks for,`
    const version = await newestNode(build, choice)
    if (version === null) return log(`${wanted} is too old for this server. Using Node ${machine.node}.`)
    const reason = await tools.add({ kind: 'node', version })
    if (reason !== null) return log(`${wanted} cannot be fetched (${reason}). Using Node ${machine.node}.`)
    const warning = outdatedNode(version, store.now())
    if (warning) log(warning)
    const npm = npmFor(version, machine.npm)
    if (npm !== null) await tools.add({ kind: 'npm', version: npm })
  } catch (error) {
    tools.setLacking()
    log(`This server cannot choose a version of Node (${reasonOf(error, fetching.signal)}). Using its own.`)
  }
}

type Wanted = Extract<ReturnType<typeof chooseNode>, { kind: 'fetch' }>

async function newestNode({ tools }: BuildContext, { range, major }: Wanted): Promise<string | null> {
  return pickNode(await tools.store!.newest('node', range, tools.fetching), major)
}

async function addManager(
  build: BuildContext,
  kind: ManagerChoice['manager']['name'],
  { version, digest }: ManagerAsk,
): Promise<void> {
  const { tools, log } = build
  if (tools.versionOf(kind) !== null || (kind === 'bun' && version === Bun.version)) return
  const tool = { kind, version }
  const reason = await tools.add(tool)
  if (reason !== null) {
    if (tools.store !== null)
      log(
        `${toolTitle(tool)} cannot be fetched (${reason}). Using the ${kind} of this machine, if it has one.`,
      )
    return
  }
  const record = await tools.store!.record(toolName(tool))
  if (digest === null || record?.digests[digest.algorithm]?.includes(digest.hex)) return
  throw new BuildFailure(
    'user',
    `\`packageManager\` in package.json names a hash that is not the hash of ${toolTitle(tool)} in the registry. Correct the hash, then run: space push`,
  )
}

/** Commands of apps call `node` without Yarn's loader, and the loader's files are in a cache that a revision does not have. */
async function setUpBerry(build: BuildContext, yarnrc: string | null): Promise<void> {
  const [, path] = /^yarnPath:\s*['"]?([^'"\s]+)/m.exec(yarnrc ?? '') ?? []
  // A `yarnPath` that was not uploaded would end Yarn at once.
  if (path !== undefined && !(await isUploaded(build, path))) build.tools.setEnv({ YARN_IGNORE_PATH: '1' })
  const [, linker = 'pnp'] = /^nodeLinker:\s*['"]?([\w-]+)/m.exec(yarnrc ?? '') ?? []
  if (linker !== 'pnp') return
  build.tools.setEnv({ YARN_NODE_LINKER: 'node-modules' })
  build.log(
    'Yarn installs into node_modules: plug-and-play is replaced, because apps start without its loader.',
  )
}

const isUploaded = async ({ workDir }: BuildContext, path: string): Promise<boolean> =>
  (await readAppFile(workDir, path, 50_000_000)) !== null

function parseObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
