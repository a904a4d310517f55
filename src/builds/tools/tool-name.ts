import { TOOL_KINDS, type ToolKind } from './catalog.ts'

export interface ToolVersion {
  readonly kind: ToolKind
  /** Exact: `22.23.5`. */
  readonly version: string
}

const VERSION = /^\d{1,5}\.\d{1,5}\.\d{1,5}(-[0-9A-Za-z.-]{1,40})?$/

/** Versions come from files of apps and become part of a path and of a command. */
export const isExactVersion = (text: string): boolean => VERSION.test(text) && !text.includes('..')

export const toolName = ({ kind, version }: ToolVersion): string => `${kind}-${version}`

/** The other direction: what a revision names. Null: not the name of a tool. */
export function parseToolName(name: string): ToolVersion | null {
  const at = name.indexOf('-')
  const kind = TOOL_KINDS.find((one) => one === name.slice(0, at))
  const version = name.slice(at + 1)
  return kind !== undefined && isExactVersion(version) ? { kind, version } : null
}

/** `Node 22.23.5`, for people. */
export const toolTitle = ({ kind, version }: ToolVersion): string => `${TITLES[kind]} ${version}`

export const TITLES: Readonly<Record<ToolKind, string>> = {
  node: 'Node',
  npm: 'npm',
  pnpm: 'pnpm',
  yarn: 'Yarn',
  bun: 'Bun',
  deno: 'Deno',
}
