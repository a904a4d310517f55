/** The power fails right after an answer: the change that it confirmed is on the disk. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSpace } from './support/command.ts'
import { type LoopDisk, openLoopDisk } from './support/loop-disk.ts'
import { startTestServer } from './support/server.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'

setDefaultTimeout(120_000)

const disk = await openLoopDisk()
const isThere = 'folder' in disk
if (!isThere)
  console.warn(`SKIPPED: power cuts are not tested here, as no file system can be mounted (${disk.missing})`)
afterAll(async () => isThere && (await disk[Symbol.asyncDispose]()))

/** A space whose data folder lies on the disk. */
const startOn = ({ folder }: LoopDisk, name: string): Promise<TestSpace> => {
  mkdirSync(join(folder, name), { mode: 0o711 })
  return startTestSpace({ dataDir: join(folder, name) })
}

const FILES = 300
// All that is looked at are the first bytes and the size, 512 by 512.
const ICON = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\0\0\0\x02\0', 'latin1'),
  Buffer.alloc(5000, 'i'),
])

function writeApp(commands = ['true']): string {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-app-'))
  writeFileSync(
    join(dir, 'Spacefile'),
    `v: 0
icon: ./icon.png
micros:
  - name: site
    src: site
    engine: static
    serve: .
    public: true
    commands: ${JSON.stringify(commands)}
`,
  )
  writeFileSync(join(dir, 'icon.png'), ICON)
  mkdirSync(join(dir, 'site/pages'), { recursive: true })
  for (let at = 0; at < FILES; at++) writeFileSync(join(dir, `site/pages/${at}.html`), pageOf(at))
  writeFileSync(join(dir, 'site/index.html'), 'the page')
  return dir
}

const pageOf = (at: number) => `page ${at} `.repeat(500)

/** Content by path, of every file below the folder. */
const contentOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(dir, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(dir, path), 'latin1')]),
  )

test.if(isThere)('after "App is running" the app is on the disk, and a server starts with it', async () => {
  const live = disk as LoopDisk
  const app = writeApp()
  await using my = await startOn(live, 'pushed')
  const { url } = await my.push(app)
  await using after = await live.cutPower()
  const [before, left] = [live, after].map(({ folder }) => join(folder, 'pushed')) as [string, string]

  expect(contentOf(join(left, 'revisions'))).toEqual(contentOf(join(before, 'revisions')))
  const uploads = contentOf(join(left, 'uploads'))
  const icon = Object.keys(uploads).find((path) => path.endsWith('/icon'))!
  expect(uploads[icon] === ICON.toString('latin1')).toBe(true)
  for (const name of ['server.key', 'database-id'])
    expect(readFileSync(join(left, name))).toEqual(readFileSync(join(before, name)))

  await using again = await startTestServer({ dataDir: left })
  const host = new URL(url).host
  expect(await (await again.request(host, '/pages/299.html')).text()).toBe(pageOf(299))
  expect(await (await again.request(host, '/')).text()).toBe('the page')
  rmSync(app, { recursive: true })
})

test.if(isThere)('in the middle of a build it is on the disk that its caches may be torn', async () => {
  const live = disk as LoopDisk
  const app = writeApp(['echo torn > "$XDG_CACHE_HOME/package"', 'echo it is cached', 'sleep 5'])
  await using my = await startOn(live, 'building')
  const push = startSpace(['push', '--yes'], { ...my.terminal, cwd: app })
  push.ended.catch(() => {})
  await push.printed(/\[site\] it is cached/)
  await using after = await live.cutPower()
  const marks = contentOf(join(after.folder, 'building/cache/unsynced'))
  expect(Object.entries(marks)).toEqual([
    [expect.stringMatching(/^app_/), readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')],
  ])
  rmSync(app, { recursive: true })
})
