import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Tool } from '../../tool.ts'
import type { RunnableSandbox } from '../process/launch.ts'
import type { Mount } from './bwrap-args.ts'

/** Where tools are inside. Not the data folder's path: nothing that is built may depend on where the server keeps its files. */
export const TOOLS_DIR = '/opt/tools'

const insideDir = ({ name }: Tool): string => {
  if (!/^[a-z][a-z0-9.+-]*$/i.test(name)) throw new Error(`not the name of a tool: ${name}`)
  return `${TOOLS_DIR}/${name}`
}

/** Read-only: an app must not be able to change the tools of another. */
export const toolMounts = (tools: readonly Tool[]): Mount[] =>
  tools.map((tool) => ({ source: tool.dir, target: insideDir(tool), writable: false }))

/**
 * The folder whose `include/node` are the headers of the Node that a build uses, so that node-gyp does not download them
 * from nodejs.org; null: there are none. The Node of the npm registry has them in its package.
 */
export function headersPath({ kind, toolchain }: RunnableSandbox, tools: readonly Tool[]): string | null {
  const isInside = kind === 'sandboxed'
  const tool = tools.find(({ name }) => name.startsWith('node-'))
  if (tool === undefined) return toolchain.headers?.[isInside ? 'inside' : 'outside'] ?? null
  if (!existsSync(join(tool.dir, 'package/include/node/node_version.h'))) return null
  return join(isInside ? insideDir(tool) : tool.dir, 'package')
}

export const toolPath = ({ kind }: RunnableSandbox, tools: readonly Tool[]): string[] =>
  tools.map((tool) => join(kind === 'sandboxed' ? insideDir(tool) : tool.dir, 'bin'))

/** Of the programs of this machine that only builds get. */
export const buildMounts = ({ toolchain }: RunnableSandbox): readonly Mount[] => toolchain.builds.mounts

export const buildPath = ({ kind, toolchain }: RunnableSandbox): readonly string[] =>
  kind === 'sandboxed' ? toolchain.builds.insidePath : toolchain.builds.outsidePath
