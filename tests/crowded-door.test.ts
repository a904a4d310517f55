/** An app at its connection limit to the gateway does not use up connections of another app. */
import { expect, test } from 'bun:test'
import { detectSandbox } from '../src/runner/index.ts'
import { until } from '../src/kernel/testing/until.ts'
import { startTestSpace } from './support/space.ts'

const sandbox = await detectSandbox('auto')
const PLACES = 8
/** All connections of the test have one address, like those of a proxy, and must not be limited as one client. */
const ARGS = ['--max-connections-per-client', String(PLACES), '--trust-proxy', '127.0.0.1']

test.skipIf(sandbox.kind !== 'sandboxed')('one app cannot keep another from calling itself', async () => {
  await using my = await startTestSpace({ args: ['--sandbox', 'require', ...ARGS] })
  const greedy = new URL((await my.push(await my.copyApp('tests/fixtures/knocks'))).url).host
  const modest = new URL((await my.push(await my.copyApp('tests/fixtures/cross-micro'))).url).host
  const over = new AbortController()
  const knock = (head: string) =>
    my.server.request(greedy, '/knock', {
      method: 'POST',
      body: JSON.stringify({ port: my.server.port, isTls: false, head }),
      signal: over.signal,
    })
  const isAnswered = async () => {
    const answer = await knock(`GET /closed HTTP/1.1\r\nHost: ${greedy}\r\nConnection: close\r\n\r\n`)
    return (await answer.text()).startsWith('HTTP/1.1 401')
  }
  expect(await isAnswered()).toBe(true)

  // Heads that never end.
  const held = Array.from({ length: PLACES }, () => knock(`GET / HTTP/1.1\r\nHost: ${greedy}\r\n`))
  await until('the app has no connection left', async () => !(await isAnswered()))

  const answer = await my.server.request(modest, '/call')
  expect(await answer.json()).toMatchObject({ withKey: { status: 200 }, withoutKey: 401 })
  over.abort()
  await Promise.allSettled(held)
})
