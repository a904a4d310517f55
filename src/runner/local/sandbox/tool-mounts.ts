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

export const toolPath = ({ kind }: RunnableSandbox, tools: readonly Tool[]): string[] =>
  tools.map((tool) => join(kind === 'sandboxed' ? insideDir(tool) : tool.dir, 'bin'))

/** Of the programs of this machine that only builds get. */
export const buildMounts = ({ toolchain }: RunnableSandbox): readonly Mount[] => toolchain.builds.mounts

export const buildPath = ({ kind, toolchain }: RunnableSandbox): readonly string[] =>
  kind === 'sandboxed' ? toolchain.builds.insidePath : toolchain.builds.outsidePath
