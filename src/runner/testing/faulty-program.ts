import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Programs } from '../local/sandbox/sandbox.ts'
import type { ActiveSandbox, SandboxHarness } from './sandbox-harness.ts'

/** The sandbox of this machine with a script in place of one of its programs; `$REAL` in the script is that program. */
export function withFaulty(
  sandbox: ActiveSandbox,
  harness: SandboxHarness,
  name: keyof Programs | 'nft',
  script: string,
): ActiveSandbox {
  const { host } = sandbox
  const real = name === 'nft' ? host.nft : host.programs[name]
  const path = join(harness.folder('programs'), name)
  // Some of these run as the sandbox's own host user.
  chmodSync(harness.dir, 0o755)
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin REAL=${real}\n${script}\n`)
  chmodSync(path, 0o755)
  return name === 'nft'
    ? { ...sandbox, host: { ...host, nft: path } }
    : { ...sandbox, host: { ...host, programs: { ...host.programs, [name]: path } } }
}
