/**
 * Each app of tests/examples/table.ts is pushed for real: the registries answer, tools are fetched, the app responds. Those
 * that take long are pushed with OWNSPACE_LONG=1 only.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REGISTRY_MS, keepTools, lendTools } from '../src/builds/testing/test-tools.ts'
import { EXAMPLES } from './examples/table.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'

const FOLDER = join(import.meta.dir, '../examples')
/** They have a test of their own. */
const OTHERS = ['express', 'two-micros']
/** Programs where their own installers put them, besides those on PATH. */
const EXTRA_PATH = ['/usr/local/go/bin', `${process.env.HOME}/.cargo/bin`]

const isLongRun = Boolean(process.env.OWNSPACE_LONG)
const pushed = EXAMPLES.filter(({ isLong }) => isLongRun || !isLong)
const leftOut = EXAMPLES.filter((example) => !pushed.includes(example))
if (leftOut.length > 0)
  console.log(
    `examples that OWNSPACE_LONG=1 pushes as well: ${leftOut.map(({ folder }) => folder).join(', ')}`,
  )

const isHere = (program: string): boolean =>
  Bun.which(program, { PATH: [process.env.PATH, ...EXTRA_PATH].join(':') }) !== null

test('every example is in the table', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const listed = [...EXAMPLES.map(({ folder }) => folder), ...OTHERS]
  expect(folders.map(({ name }) => name).sort()).toEqual(listed.toSorted())
})

describe('examples', () => {
  let my: TestSpace
  const dataDir = mkdtempSync(join(tmpdir(), 'ownspace-examples-'))
  beforeAll(async () => {
    lendTools(dataDir)
    my = await startTestSpace({ dataDir })
  })
  afterAll(async () => {
    await my?.[Symbol.asyncDispose]()
    keepTools(dataDir)
    rmSync(dataDir, { recursive: true, force: true })
  })

  for (const { folder, needs = [], says, answers } of pushed) {
    const missing = needs.filter((program) => !isHere(program))
    if (missing.length > 0)
      console.log(`SKIPPED: example ${folder}: this machine has no ${missing.join(', ')}`)
    const name = `${folder} is pushed and answers`
    const push = async () => {
      const app = await my.copyApp(`examples/${folder}`)
      const { exitCode, stdout, stderr } = await my.run(['push', '--yes'], { cwd: app })
      expect([exitCode, stderr]).toEqual([0, expect.stringMatching(says)])
      const url = new URL(/https?:\/\/\S+/.exec(stdout)![0])
      const response = await my.server.request(url.host, '/')
      expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(answers)])
    }
    test.skipIf(missing.length > 0)(name, push, REGISTRY_MS)
  }
})
