import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startFakePlatform } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

test('space new writes a Spacefile for what it finds, and the folder is linked and valid', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder({ 'api/package.json': '{}', 'api/index.js': '', 'web/index.html': '' })
  const options = { cwd: folder.path, env: asUserOf(peer) }
  const { exitCode, stderr } = await runSpace(['new', '--name', 'my-app'], options)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('Found api: nodejs16\n  Found web: static\n')
  expect(readFileSync(join(folder.path, 'Spacefile'), 'utf8')).toContain('name: api')
  expect(existsSync(join(folder.path, '.space/meta'))).toBe(true)
  expect(await runSpace(['validate'], options)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('✓ The Spacefile is valid: 2 micros (api, web)'),
  })
})

test('a Spacefile that is there stays as it is', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder({ Spacefile: 'v: 0 # mine\n', 'index.html': '' })
  await runSpace(['new', '--name', 'my-app'], { cwd: folder.path, env: asUserOf(peer) })
  expect(readFileSync(join(folder.path, 'Spacefile'), 'utf8')).toBe('v: 0 # mine\n')
})

test('--blank looks at nothing, and says that there is something left to do', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder({ 'index.html': '' })
  const options = { cwd: folder.path, env: asUserOf(peer) }
  const { stderr } = await runSpace(['new', '--name', 'my-app', '--blank'], options)
  expect(stderr).toContain('describe your micros in the Spacefile')
  expect(readFileSync(join(folder.path, 'Spacefile'), 'utf8')).toContain('v: 0')
})

test('a script has to give the name', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder()
  const result = await runSpace(['new'], { cwd: folder.path, env: asUserOf(peer) })
  expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--name is missing') })
  expect(existsSync(join(folder.path, 'Spacefile'))).toBe(false)
})

test('space link points a folder at an app that is there', async () => {
  await using peer = await startFakePlatform()
  using folder = createTempFolder()
  const options = { cwd: folder.path, env: asUserOf(peer) }
  expect((await runSpace(['link', '--id', 'app_1'], options)).exitCode).toBe(0)
  expect(JSON.parse(readFileSync(join(folder.path, '.space/meta'), 'utf8')).id).toBe('app_1')
  expect((await runSpace(['link', '--id', 'app_9'], options)).exitCode).toBe(1)
  expect((await runSpace(['link'], options)).exitCode).toBe(2)
})
