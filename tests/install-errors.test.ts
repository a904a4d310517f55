/** `npm start` on a machine where packages cannot be installed says why, and what to do. */
import { expect, test } from 'bun:test'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// @ts-expect-error Plain Node without types: it runs before anything is installed.
import { explainNpmError } from '../scripts/npm-errors.mjs'
import { freePort, serverEnvironment } from './support/server.ts'

const ROOT = join(import.meta.dir, '..')

test.each([
  ['EAI_AGAIN', 'cannot be reached (EAI_AGAIN)', 'Check the network'],
  ['ERR_SOCKET_TIMEOUT', 'cannot be reached', 'proxy'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'not trusted', 'cafile'],
  ['E403', 'denies access', 'npm config get registry'],
  ['ENOSPC', 'disk is full', 'df -h'],
  ['EACCES', 'no write permission', 'owner'],
  ['EINTEGRITY', 'package-lock.json', 'npm cache clean'],
])('%s is explained', (code, problem, hint) => {
  for (const prefix of ['npm error', 'npm ERR!'])
    expect(explainNpmError(`${prefix} code ${code}\n${prefix} more`)).toEqual({
      problem: expect.stringContaining(problem),
      hint: expect.stringContaining(hint),
    })
})

test.each(['npm error code EBADENGINE', 'npm error something', ''])('%j is left to npm', (stderr) => {
  expect(explainNpmError(stderr)).toBeNull()
})

test('without a registry the installer fails with two sentences', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ownspace-offline-'))
  for (const name of ['package.json', 'package-lock.json', 'scripts'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true })
  const installer = Bun.spawn(['node', 'scripts/ensure.mjs'], {
    cwd: folder,
    env: {
      ...serverEnvironment(),
      npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
      npm_config_cache: join(folder, 'cache'),
    },
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const said = await new Response(installer.stderr).text()
  expect(await installer.exited).toBe(1)
  expect(said).toContain('the registry cannot be reached (ECONNREFUSED).\n  Check the network')
  expect(said).not.toContain('npm error')
  await rm(folder, { recursive: true })
})
