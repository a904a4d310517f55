/** The SDKs of Deta Space, unchanged, against a real store. tests/data-sdks.test.ts runs them in a sandbox. */
import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureLocalAuthority, leafFilesOf } from '../../tls/index.ts'
import { createDrive } from '../index.ts'
import { serveDrive } from '../testing/test-drive.ts'

const MODULES = join(import.meta.dir, '../../../node_modules')
const SCRIPT = join(import.meta.dir, '../testing/sdk-script.cjs')
const RUNTIMES = { node: 'node', bun: process.execPath } as const

const LISTED = [
  'empty',
  'large',
  'list-a',
  'list-b',
  'list-c',
  'list/a',
  'list/b',
  'list/child/a',
  'list/child/b',
  'over',
  'sp ace/%@#//é💾.txt',
  'typed',
]

test.each(
  ['1.1', '1.2', '2.0'].flatMap((version) =>
    (['node', 'bun'] as const).map((runtime) => [version, runtime] as const),
  ),
)('deta %s does what its own suite asks of Drive, on %s', async (version, runtime) => {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-sdk-'))
  const authority = join(folder, 'authority')
  const { root } = await ensureLocalAuthority({ folder: authority, names: ['localhost'], now: Date.now })
  const rootFile = join(folder, 'root.pem')
  writeFileSync(rootFile, root)
  const leaf = leafFilesOf(authority)
  await using drive = createDrive({ collectionsDir: join(folder, 'collections') })
  const tls = { cert: Bun.file(leaf.certFile), key: Bun.file(leaf.keyFile) }
  const server = serveDrive(drive, true, tls)
  const child = Bun.spawn(
    [RUNTIMES[runtime], SCRIPT, join(MODULES, `deta-${version}`), `localhost:${server.port}`],
    {
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: rootFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [out, errors] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  )
  expect(await child.exited, errors).toBe(0)
  await server.stop(true)
  expect(JSON.parse(out!)).toEqual({
    put: true,
    texts: [...Array.from({ length: 8 }, (_, index) => `in ${index}`), 'second', '', null],
    type: expect.any(String),
    large: true,
    all: { names: LISTED },
    first: { paging: { size: 1, last: 'empty' }, names: ['empty'] },
    second: { paging: { size: 1, last: 'large' }, names: ['large'] },
    prefix: { names: ['list/a', 'list/b', 'list/child/a', 'list/child/b'] },
    slash: { names: [] },
    deleted: ['over', 'never there'],
    many: { deleted: ['list-a', 'never'], failed: { '': 'invalid name', '  ': 'invalid name' } },
    valid: { deleted: ['list-b', 'never'] },
    blanks: expect.any(String),
    gone: null,
  })
  rmSync(folder, { recursive: true })
})
