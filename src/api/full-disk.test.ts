/** What works on a full disk, and the answers of calls that do not. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type SmallDisk, canMount, openSmallDisk } from '../disk/testing/small-disk.ts'
import { createLogger } from '../kernel/log.ts'
import { type Pushed, pushApp } from './testing/push-app.ts'
import { OWNER, type Owner, type TestApi, json, openTestApi, setUp } from './testing/test-api.ts'

const MB = 1_000_000

describe.skipIf(!canMount()).each([
  ['with the reserve', 2 * MB],
  ['without one', 0],
])('on a full disk, %s', (_, reserveBytes) => {
  let disk: SmallDisk
  let platform: TestApi
  let owner: Owner
  let app: Pushed
  const log: string[] = []
  beforeEach(async () => {
    log.length = 0
    disk = openSmallDisk(16)!
    platform = await openTestApi({
      folder: disk.dir,
      reserveBytes,
      minFreeBytes: 3 * MB,
      log: createLogger('test', 'warn', (line) => void log.push(line)),
    })
    owner = await setUp(platform)
    app = await pushApp(platform, owner, 'notes')
    disk.fill()
  })
  afterEach(async () => {
    await platform[Symbol.asyncDispose]()
    disk[Symbol.dispose]()
  })

  const call = (method: string, path: string, body?: object) =>
    platform.call(method, `/api/v0${path}`, { token: owner.token, body })
  const NO_SPACE = {
    code: 'no_space',
    detail: expect.stringContaining('Delete an app that is no longer needed'),
  }

  if (reserveBytes > 0)
    test('signing in, making and revoking keys, and deleting apps work', async () => {
      expect((await platform.call('POST', '/api/v0/session', { body: OWNER })).status).toBe(201)
      const key = await call('POST', `/instances/${app.instanceId}/api_keys`, { name: 'key' })
      const { id } = await json<{ id: string }>(Promise.resolve(key))
      const revision = join(disk.dir, 'revisions')
      expect([
        key.status,
        (await call('DELETE', `/instances/${app.instanceId}/api_keys/${id}`)).status,
        (await call('DELETE', `/instances/${app.instanceId}`)).status,
        (await call('DELETE', `/apps/${app.appId}`)).status,
      ]).toEqual([201, 204, 200, 200])
      expect(existsSync(join(disk.dir, 'reserve'))).toBe(false)
      expect([...new Bun.Glob('*').scanSync({ cwd: revision, onlyFiles: false })]).toEqual([])
    })
  else
    test('a call that cannot write is answered with 507, and the log has the cause', async () => {
      const made: Response[] = []
      // The write-ahead log has some room left inside.
      while (made.length < 200 && made.at(-1)?.ok !== false)
        made.push(await call('POST', `/instances/${app.instanceId}/api_keys`, { name: 'key'.repeat(10) }))
      expect(made.at(-1)!.status).toBe(507)
      expect(await made.at(-1)!.json()).toMatchObject(NO_SPACE)
      expect(log.join('')).toContain('database or disk is full')
      expect(log.join('')).not.toContain('cannot rollback')
    })

  test('a push is refused with 507 at its first call', async () => {
    const refused = await call('POST', '/builds', { app_id: app.appId })
    expect([refused.status, await refused.json()]).toEqual([507, expect.objectContaining(NO_SPACE)])
  })

  test('an upload that fills the disk is refused with 507, and its file is deleted', async () => {
    disk.clear()
    const { id } = await json<{ id: string }>(call('POST', '/builds', { app_id: app.appId }))
    disk.fill()
    const refused = await platform.call('POST', `/api/v0/builds/${id}/code`, {
      token: owner.token,
      body: new Uint8Array(MB),
      headers: { 'Content-Type': 'application/zip' },
    })
    expect([refused.status, await refused.json()]).toEqual([507, expect.objectContaining(NO_SPACE)])
    const left = [...new Bun.Glob('uploads/incoming-*').scanSync(disk.dir)]
    expect(left).toEqual([])
  })

  test('reading works', async () => {
    expect((await call('GET', '/instances')).status).toBe(200)
  })
})
