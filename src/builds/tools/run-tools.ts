import type { Tool } from '../../runner/index.ts'
import type { BuiltMicro } from '../types.ts'
import { type ToolKind, TOOL_KINDS } from './catalog.ts'
import { parseToolName } from './tool-name.ts'

/**
 * Records the tools that a process needs to run: the Node that native modules were compiled for, and package managers that
 * its command calls. The same versions are mounted at each start.
 */
export function withRunTools(built: BuiltMicro, tools: readonly Tool[]): BuiltMicro {
  if (built.kind !== 'process') return built
  const names = tools.map(({ name }) => name).filter((name) => isNeeded(name, built.command))
  return names.length === 0 ? built : { ...built, tools: names }
}

const RUNTIMES: readonly ToolKind[] = ['node', 'npm', 'bun', 'deno']

function isNeeded(name: string, command: string): boolean {
  const kind = parseToolName(name)?.kind
  return kind !== undefined && (RUNTIMES.includes(kind) || namesTool(command, kind))
}

const namesTool = (text: string, kind: ToolKind): boolean =>
  new RegExp(`(^|[\\s;&|(])${kind}\\b`, 'm').test(text)

/** The tools that a shell text calls by name. */
export const toolsIn = (text: string): ToolKind[] => TOOL_KINDS.filter((kind) => namesTool(text, kind))
