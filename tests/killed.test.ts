/** When the platform's process is killed, its apps end with it, and start again at the next request. */
import { expect, test } from 'bun:test'
import { serverProcesses } from './support/processes.ts'
import { startTestSpace } from './support/space.ts'

test.each(['auto', 'off'])('with --sandbox %s', async (sandbox) => {
  await using my = await startTestSpace({ args: ['--sandbox', sandbox] })
  const { url } = await my.push(await my.copyApp('tests/fixtures/streams'))
  const get = (path: string) => my.server.request(new URL(url).host, path)
  const pidOf = async () => {
    const stream = (await get('/stream')).body!.getReader()
    const line = new TextDecoder().decode((await stream.read()).value)
    return { line, ended: ended(stream) }
  }
  const before = await pidOf()
  const [platform] = serverProcesses(my.server, 'platform')
  process.kill(platform!, 'SIGKILL')
  await before.ended
  const after = await pidOf()
  expect(after.line).not.toBe(before.line)
  await get('/next')
})

/** Resolves when nothing more comes, however it ended. */
async function ended(stream: { read(): Promise<{ done: boolean }> }): Promise<void> {
  await stream.read().catch(() => {})
}
