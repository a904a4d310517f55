import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../../disk/index.ts'
import { syncFile } from '../../kernel/durable.ts'
import type { BuildContext } from '../build-context.ts'

const VERSION = '0.13.9'

/** SHA-256 of the program in each wheel of this version: nothing but these bytes is ever run. */
const CHECKSUMS: readonly string[] = [
  // x86-64, glibc and musl
  'b73acdf73b96c3ac9e56d2fa933427b3ee6a901e3cce6ba1e3ecb3f91ca0d86a',
  'edbfb9a3d00dc84148e6691cd8740781fdc32db6505d7ef88ba6c3e569d5bec9',
  // ARM64, both
  'bbecb5ac518030bb5e84f1999c577228460192832ac24a92bd772735682979f4',
  '6109e47a75f2380d1cc90b00a6ee82b7b5792ddf66588625ec168545ae17512e',
]

/**
 * The folder of `bin/uv`, fetched once by the machine's pip, or null where that fails: pip itself is used then. The
 * download runs in the sandbox, in a folder of its own; the server only compares a checksum.
 */
export async function fetchUv(build: BuildContext): Promise<string | null> {
  const dir = join(build.supplies.toolsDir, `uv-${VERSION}`)
  if (existsSync(join(dir, 'bin/uv'))) return dir
  const draft = join(build.supplies.toolsDir, `uv.${randomUUID()}`)
  try {
    await mkdir(draft, { recursive: true })
    const result = await build.run({ script: script(draft), cacheDir: draft, timeoutMs: FETCH_MS })
    const program = join(draft, 'packages/bin/uv')
    if (result.kind === 'failed' || !CHECKSUMS.includes(await sha256(program))) return null
    return await install(program, dir)
  } catch {
    return null
  } finally {
    await removeTree(draft)
  }
}

const FETCH_MS = 120_000

const script = (draft: string): string =>
  `python3 -m pip install -q --no-input --disable-pip-version-check --root-user-action ignore --no-deps --only-binary :all: --target '${draft.replaceAll("'", `'\\''`)}/packages' uv==${VERSION} >/dev/null 2>&1`

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Copies the program, so that its owner is the server, and not the user of the build. */
async function install(program: string, dir: string): Promise<string> {
  const fresh = `${dir}.${randomUUID()}`
  await mkdir(join(fresh, 'bin'), { recursive: true })
  const target = join(fresh, 'bin/uv')
  await copyFile(program, target)
  await chmod(target, 0o755)
  await syncFile(target)
  // Another build may have installed it in this moment.
  if (!CHECKSUMS.includes(await sha256(target))) throw new Error('uv changed while it was copied')
  await rename(fresh, dir).catch(() => removeTree(fresh))
  return dir
}
