/** The platform's process is killed: its apps end with it, and are there again for the next request. */
import { expect, test } from 'bun:test'
import { readFileSync, readdirSync } from 'node:fs'
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
  const [platform] = processes((line) => line.includes('--role=platform') && line.includes(my.server.dataDir))
  process.kill(platform!, 'SIGKILL')
  await before.ended
  const after = await pidOf()
  expect(after.line).not.toBe(before.line)
  await get('/next')
})

/** Numbers of this machine's processes by their command line. */
const processes = (isMeant: (commandLine: string) => boolean): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isMeant(commandLineOf(name)))
    .map(Number)

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** Resolves when nothing more comes, however it ended. */
async function ended(stream: { read(): Promise<{ done: boolean }> }): Promise<void> {
  await stream.read().catch(() => {})
}
