/** An app at its connection limit to the gateway does not use up connections of another app. */
import { expect, test } from 'bun:test'
import { detectSandbox } from '../src/runner/index.ts'
import { until } from '../src/kernel/testing/until.ts'
import { startTestSpace } from './support/space.ts'

const sandbox = await detectSandbox('auto')
const PLACES = 8
/** Longer than the test may take: the gateway must not close the held connections. */
const HEAD_WITHIN = '10m'
/** All connections of the test have one address, like those of a proxy, and must not be limited as one client. */
const PROXY = ['--trust-proxy', '127.0.0.1']
const LIMITS = [
  '--workers',
  '1',
  '--max-connections-per-client',
  String(PLACES),
  '--head-within',
  HEAD_WITHIN,
]
const ARGS = ['--sandbox', 'require', ...LIMITS, ...PROXY]

test.skipIf(sandbox.kind !== 'sandboxed')('one app cannot keep another from calling itself', async () => {
  await using my = await startTestSpace({ args: ARGS })
  const greedy = new URL((await my.push(await my.copyApp('tests/fixtures/knocks'))).url).host
  const modest = new URL((await my.push(await my.copyApp('tests/fixtures/cross-micro'))).url).host
  const over = new AbortController()
  const knock = async (head: string) => {
    const body = JSON.stringify({ port: my.server.port, isTls: false, head })
    const answer = await my.server.request(greedy, '/knock', { method: 'POST', body, signal: over.signal })
    return answer.body!.getReader()
  }
  /** Whether the app gets a connection for this request: otherwise the gateway answers 503. */
  const isAnswered = async (head: string) => {
    const { value } = await (await knock(head)).read()
    return Buffer.from(value ?? [])
      .toString('latin1')
      .startsWith('HTTP/1.1 401')
  }
  const request = `GET /closed HTTP/1.1\r\nHost: ${greedy}\r\n`
  /** A connection of the app that stays open: a whole request, then a head that never ends. */
  const hold = () => until('the app gets a connection', () => isAnswered(`${request}\r\n${request}`))
  const once = `${request}Connection: close\r\n\r\n`
  expect(await isAnswered(once)).toBe(true)

  // A connection counts until it has been closed on both sides: that of the request above may still do.
  await Promise.all(Array.from({ length: PLACES }, hold))
  expect(await isAnswered(once)).toBe(false)

  const answer = await my.server.request(modest, '/call')
  expect(await answer.json()).toMatchObject({ withKey: { status: 200 }, withoutKey: 401 })
  over.abort()
})
