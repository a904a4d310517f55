import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../../disk/index.ts'
import type { BuildRunner } from '../../runner/index.ts'

const MB = 1_000_000

export const FETCH_LIMITS = {
  /** Of one call of the registry. */
  fetchMs: 5 * 60_000,
  /** The largest tool has 110 MB. */
  fileBytes: 400 * MB,
} as const

export interface RegistryOptions {
  /** For temporary folders. Absolute. */
  readonly dir: string
  readonly runner: BuildRunner
  readonly signal?: AbortSignal
}

/** The registry did not answer, or not with what was asked for. The message is for the developer. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}

/**
 * Runs a script with this machine's npm in a sandbox of its own: with the server's settings for the registry, without any
 * file of an app, and as a user that can write to nothing else. Returns its output; `use` gets the folder it worked in.
 */
export async function askRegistry<T>(
  script: string,
  { dir, runner, signal }: RegistryOptions,
  use: (lines: readonly string[], workDir: string) => Promise<T>,
): Promise<T> {
  const folder = join(dir, `asking-${randomUUID()}`)
  const workDir = join(folder, 'work')
  const cacheDir = join(folder, 'cache')
  const lines: string[] = []
  try {
    await mkdir(workDir, { recursive: true })
    const result = await runner.runBuild({
      script: `set -e\n${script}`,
      dir: workDir,
      cacheDir,
      env: { ...NPM_SETTINGS, npm_config_cache: join(cacheDir, 'npm') },
      timeoutMs: FETCH_LIMITS.fetchMs,
      maxFileBytes: FETCH_LIMITS.fileBytes,
      onLine: (line) => void lines.push(line),
      ...(signal ? { signal } : {}),
    })
    if (result.kind === 'failed') throw new ToolFailure(causeOf(lines) ?? result.message)
    return await use(lines, workDir)
  } finally {
    await removeTree(folder).catch(() => {})
  }
}

const NPM_SETTINGS = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_ignore_scripts: 'true',
  npm_config_loglevel: 'error',
  // A build waits, and usually has this machine's program to fall back to.
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '1000',
}

/** npm's own code of the failure, `ENOTFOUND`, or its first line. */
function causeOf(lines: readonly string[]): string | null {
  const errors = lines.filter((line) => /^npm (error|ERR!)/i.test(line))
  const code = errors.map((line) => /\bcode ([A-Z0-9_]+)/.exec(line)?.[1]).find(Boolean)
  return code ?? errors[0]?.replace(/^npm (error|ERR!) */i, '') ?? null
}
