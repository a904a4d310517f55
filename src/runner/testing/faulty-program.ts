import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Programs } from '../local/sandbox/sandbox.ts'
import type { Walls, SandboxHarness } from './sandbox-harness.ts'

/** The sandbox of this machine with a script in place of one of its programs; `$REAL` in it is that program. */
export function withFaulty(
  walls: Walls,
  bench: SandboxHarness,
  name: keyof Programs | 'nft',
  script: string,
): Walls {
  const { host } = walls
  const real = name === 'nft' ? host.nft : host.programs[name]
  const path = join(bench.folder('programs'), name)
  // Some of these run as the sandbox's own host user.
  chmodSync(bench.dir, 0o755)
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin REAL=${real}\n${script}\n`)
  chmodSync(path, 0o755)
  return name === 'nft'
    ? { ...walls, host: { ...host, nft: path } }
    : { ...walls, host: { ...host, programs: { ...host.programs, [name]: path } } }
}
