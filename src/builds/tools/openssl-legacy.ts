import { join } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { majorOf } from './choose-node.ts'
import { type MicroTools, reasonOf } from './micro-tools.ts'

const OPTION = '--openssl-legacy-provider'
/** From this version on, webpack has its own MD4. Earlier ones ask OpenSSL 3 for it, which refuses. */
const FIXED_WEBPACK = '5.54.0'
const FIRST_NODE_WITH_OPENSSL_3 = 17

interface Project {
  readonly workDir: string
  readonly tools: MicroTools
  readonly log: (line: string) => void
}

/** Sets `NODE_OPTIONS` for the build commands of a project with an old webpack. Call it after the install. */
export async function allowLegacyOpenssl(build: Project): Promise<void> {
  const webpack = await installedVersion(join(build.workDir, 'node_modules/webpack'))
  if (webpack === null || Bun.semver.order(webpack, FIXED_WEBPACK) >= 0) return
  const node = await nodeVersion(build)
  if (node === null || majorOf(node) < FIRST_NODE_WITH_OPENSSL_3) return
  build.tools.setEnv({ NODE_OPTIONS: OPTION })
  build.log(
    `Building with NODE_OPTIONS=${OPTION}: webpack ${webpack} uses a hash that Node ${node} refuses otherwise. To get rid of it, update webpack to 5.`,
  )
}

async function installedVersion(dir: string): Promise<string | null> {
  const text = await readAppFile(dir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  return /"version":\s*"(\d+\.\d+\.\d+)[^"]*"/.exec(text ?? '')?.[1] ?? null
}

async function nodeVersion({ tools }: Project): Promise<string | null> {
  const chosen = tools.versionOf('node')
  if (chosen !== null || tools.store === null) return chosen
  try {
    return (await tools.store.machine(tools.fetching)).node
  } catch (error) {
    reasonOf(error, tools.fetching.signal)
    return null
  }
}
