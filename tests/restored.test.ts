/** A copied, partly restored or damaged data folder: it works, or the start says what to do. No file is lost. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from './support/server.ts'
import { startTestSpace } from './support/space.ts'

setDefaultTimeout(120_000)

/** A stopped server's folder with two apps, one of them a process. */
let original: string
let base: string
const hosts: string[] = []

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'ownspace-restored-'))
  original = join(base, 'original')
  await using my = await startTestSpace({ dataDir: original })
  for (const fixture of ['works', 'streams']) {
    const { url } = await my.push(await my.copyApp(`tests/fixtures/${fixture}`))
    hosts.push(new URL(url).host)
  }
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

async function copyOf(name: string, umask = '022'): Promise<string> {
  const copy = join(base, name)
  const child = Bun.spawn(['sh', '-c', 'umask "$1"; cp -r "$2" "$3"', 'sh', umask, original, copy])
  expect(await child.exited).toBe(0)
  return copy
}

/** What the server says when it does not start. */
const refusalOf = async (dataDir: string): Promise<string> => {
  try {
    await using _ = await startTestServer({ dataDir })
    return 'it started'
  } catch (error) {
    return (error as Error).message
  }
}

const filesIn = (dir: string) =>
  ['revisions', 'uploads', 'build-logs'].map((name) => readdirSync(join(dir, name)))

test('a copy under umask 077 starts, and its apps answer', async () => {
  const copy = await copyOf('strict', '077')
  await using server = await startTestServer({ dataDir: copy })
  for (const host of hosts) {
    const answer = await server.request(host, '/')
    expect([host, answer.status]).toEqual([host, 200])
    await answer.body?.cancel()
  }
})

describe('a start fails with an explanation, and changes nothing, when', () => {
  test.each<[string, (dir: string) => void, readonly string[]]>([
    [
      'the database is missing',
      (dir) => rmSync(join(dir, 'ownspace.db')),
      ['is missing', 'revisions/', '--data'],
    ],
    [
      'the database is cut short',
      (dir) => truncateSync(join(dir, 'ownspace.db'), 20_000),
      ['is damaged', 'from the same backup'],
    ],
    [
      'the database is something else',
      (dir) => writeFileSync(join(dir, 'ownspace.db'), 'garbage'.repeat(9999)),
      ['is damaged', 'from the same backup'],
    ],
    [
      'the key is another one',
      (dir) => writeFileSync(join(dir, 'server.key'), Buffer.alloc(32, 1)),
      ['server.key is not the key of this database', 'from the same backup'],
    ],
    [
      'the key is missing',
      (dir) => rmSync(join(dir, 'server.key')),
      ['server.key is missing', 'from your backup'],
    ],
    [
      'the database is of another folder',
      (dir) => writeFileSync(join(dir, 'database-id'), 'db_other\n'),
      ['not the one that its other files belong to', 'database-id'],
    ],
  ])('%s', async (name, damage, words) => {
    const copy = await copyOf(name.replaceAll(' ', '-'))
    damage(copy)
    const before = filesIn(copy)
    const text = await refusalOf(copy)
    for (const word of words) expect(text).toContain(word)
    expect(text).not.toMatch(/\n +at |node_modules|\.ts:\d/)
    expect(filesIn(copy)).toEqual(before)
  })
})

test('an older database beside newer revisions starts; unknown revisions are set aside and listed', async () => {
  const copy = await copyOf('older')
  const newer = join(copy, 'revisions/bld_aaaaaaaaaaaaaaaa')
  await Bun.write(join(newer, 'app/index.js'), 'newer')
  await using server = await startTestServer({ dataDir: copy })
  expect(server.output()).toContain(`moved to ${join(copy, 'set-aside')}`)
  expect(existsSync(newer)).toBe(false)
  const [start] = readdirSync(join(copy, 'set-aside'))
  expect(
    await Bun.file(join(copy, 'set-aside', start!, 'revisions/bld_aaaaaaaaaaaaaaaa/app/index.js')).text(),
  ).toBe('newer')
})
