import { describe, expect, spyOn, test } from 'bun:test'
import { digestOf } from '../kernel/ids.ts'
import { createLogger, silentLogger } from '../kernel/log.ts'
import type { Caller } from './caller.ts'
import { FROM, openTestApi, setUp, type TestApi } from './testing/test-api.ts'
import { endWithSession } from './end-with-session.ts'

/** A platform, the owner as a browser and as a script, and a log that never ends. */
async function openLog() {
  const platform = await openTestApi()
  const owner = await setUp(platform)
  const { db } = platform
  const digest = digestOf(owner.cookie.slice('space_home='.length))
  const session = await db
    .selectFrom('home_sessions')
    .innerJoin('users', 'users.id', 'user_id')
    .select(['home_sessions.id as sessionId', 'users.id', 'username', 'email'])
    .where('secret_digest', '=', digest)
    .executeTakeFirstOrThrow()
  const user = { id: session.id, username: session.username, email: session.email }
  const log = { isCancelled: false }
  const lines: string[] = []
  const logger = createLogger('test', 'info', (line) => void lines.push(line))
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from('first line\n')),
    cancel: () => void (log.isCancelled = true),
  })
  const follow = async (caller: Caller) => {
    const { clock } = platform
    const reader = endWithSession({ db, log: logger, now: () => clock.nowMs }, caller, source).getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('first line\n')
    return reader
  }
  return {
    platform,
    owner,
    log,
    lines,
    asBrowser: () => follow({ kind: 'session', user, sessionId: session.sessionId }),
    asScript: () => follow({ kind: 'token', user, tokenId: owner.token.split('_')[0]!, scope: 'all' }),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  }
}

/** How the answer breaks off. */
const failureOf = (reader: { read(): Promise<unknown> }): Promise<unknown> =>
  reader.read().then(
    () => 'it is whole',
    (reason: unknown) => reason,
  )

const api = (platform: TestApi, method: string, path: string, cookie: string) =>
  platform.call(method, `/api/v0${path}`, { cookie, from: FROM.home })

describe('an open answer fails', () => {
  test('when its session signs out', async () => {
    await using open = await openLog()
    const reader = await open.asBrowser()
    await api(open.platform, 'DELETE', '/session', open.owner.cookie)
    expect(await failureOf(reader)).toBe(null)
    expect(open.log.isCancelled).toBe(true)
    expect(open.lines).toEqual([
      expect.stringMatching(
        / info  test an open answer was cut: its session or token has ended user=usr_\w+\n$/,
      ),
    ])
  })

  test('when its token is deleted', async () => {
    await using open = await openLog()
    const reader = await open.asScript()
    const [id] = open.owner.token.split('_')
    await api(open.platform, 'DELETE', `/access-tokens/${id}`, open.owner.cookie)
    expect(await failureOf(reader)).toBe(null)
    expect(open.log.isCancelled).toBe(true)
  })

  test.each(['asBrowser', 'asScript'] as const)('when its session or token expires: %s', async (who) => {
    await using open = await openLog()
    const reader = await open[who]()
    open.platform.clock.nowMs += 400 * 24 * 60 * 60 * 1000
    expect(await failureOf(reader)).toBe(null)
  })
})

test('a reader that disconnects cancels the source', async () => {
  await using open = await openLog()
  const reader = await open.asScript()
  await reader.cancel()
  expect(open.log.isCancelled).toBe(true)
})

/** A caller for sources that end before the first check. */
const caller = {
  kind: 'token',
  tokenId: '',
  scope: 'all',
  user: { id: 'usr_1' as never, username: '', email: null },
} as const

test('an answer that ends arrives whole', async () => {
  await using open = await openLog()
  const { db } = open.platform
  const whole = endWithSession(
    { db, log: silentLogger, now: Date.now },
    caller,
    new Blob(['a', 'b']).stream(),
  )
  expect(await new Response(whole).text()).toBe('ab')
})

test('the checks stop when the source fails', async () => {
  await using open = await openLog()
  using stopped = spyOn(globalThis, 'clearInterval')
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error('the disk failed')),
  })
  const failing = endWithSession({ db: open.platform.db, log: silentLogger, now: Date.now }, caller, source)
  await expect(new Response(failing).text()).rejects.toThrow('the disk failed')
  expect(stopped).toHaveBeenCalled()
})
