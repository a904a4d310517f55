import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MICRO_LIMITS } from '../../limits.ts'
import { readAll } from '../process/read-all.ts'
import { APP_DIR } from './app-dir.ts'
import { launchInSandbox } from './launch.ts'
import type { SandboxHost, Toolchain } from './sandbox.ts'

/** Runs a trivial command in the sandbox of `host`. Returns null on success, else the failure. */
export async function tryHost(host: SandboxHost, toolchain: Toolchain): Promise<string | null> {
  const parent = mkdtempSync(join(tmpdir(), 'ownspace-try-'))
  const dir = join(parent, 'app')
  mkdirSync(dir)
  // As in the data folder: the app's folder is readable by its host user, its parent is closed to that user.
  chmodSync(dir, 0o755)
  if (!host.showsClosedFolders) chmodSync(parent, 0o711)
  try {
    const trial = await launchInSandbox(host, toolchain, {
      script: 'true',
      dir: { source: dir, target: APP_DIR, writable: false },
      otherMounts: [],
      env: {},
      owner: 'trial',
      inbound: true,
      ownHost: null,
      reach: 'public',
      limits: MICRO_LIMITS,
    })
    const timer = setTimeout(() => trial.kill(), MICRO_LIMITS.setUpMs)
    const [, errors, status] = await Promise.all([readAll(trial.stdout), readAll(trial.stderr), trial.exited])
    clearTimeout(timer)
    return status.code === 0 ? null : errors.trim() || `the trial exited with code ${status.code}`
  } catch (error) {
    return (error as Error).message
  } finally {
    rmSync(parent, { recursive: true })
  }
}
