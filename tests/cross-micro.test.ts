/** Micros that call each other by their app's public name (COMPAT 1.8). */
import { expect, test } from 'bun:test'
import { detectSandbox } from '../src/runner/index.ts'
import { startTestSpace } from './support/space.ts'

const sandbox = await detectSandbox('auto')

test.skipIf(sandbox.kind !== 'sandboxed')(
  'a micro reaches a private one of its own app with the internal key, and only so',
  async () => {
    await using my = await startTestSpace({ args: ['--sandbox', 'require'] })
    const { url } = await my.push(await my.copyApp('tests/fixtures/cross-micro'))
    const answer = await my.server.request(new URL(url).host, '/call')
    expect(await answer.json()).toEqual({
      withKey: { status: 200, text: '/secret for app' },
      withoutKey: 401,
      withWrongKey: 401,
      greeting: { status: 200, text: 'hello, and 401 without a key' },
    })
  },
)
