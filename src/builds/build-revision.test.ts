import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

const NODE = spacefileOf('engine: nodejs16')

describe('a revision', () => {
  const TWO = `v: 0
micros:
  - {name: web, src: ., engine: static, serve: ., primary: true}
  - {name: api, src: api, engine: nodejs16}
`

  test('has a folder for each micro, also when one is inside the other', async () => {
    using harness = openBuildHarness()
    await harness.build(TWO, { 'index.html': 'page', 'api/index.js': 'api' })
    expect(harness.read('web/index.html')).toBe('page')
    expect(harness.read('web/api/index.js')).toBe('api')
    expect(harness.read('api/index.js')).toBe('api')
  })

  test('exists completely or not at all', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(TWO, { 'index.html': 'page', 'api/server.js': '' })
    expect(result.kind).toBe('failed')
    expect(harness.revisions()).toEqual([])
  })

  test('is built after a crash left a partial one', async () => {
    using harness = openBuildHarness()
    mkdirSync(`${harness.outDir}.building/artifacts/app`, { recursive: true })
    writeFileSync(`${harness.outDir}.building/artifacts/app/old.js`, '')
    expect((await harness.build(NODE, { 'index.js': '' })).kind).toBe('built')
    expect(readdirSync(join(harness.outDir, 'app'))).toEqual(['index.js'])
  })

  test.each([
    ['archiveEntries', 2, 'more than 2 files'],
    ['archiveBytes', 20, 'more than 0.00002 MB'],
    ['packageBytes', 20, 'serves more than 0.00002 MB'],
    ['microFiles', 3, 'more than 3 files'],
  ])('is refused beyond the %s that this server has', async (bound, value, message) => {
    using harness = openBuildHarness()
    const files = { 'index.html': 'x'.repeat(30), 'a.html': '', 'b.html': '' }
    const site = spacefileOf('engine: static\nserve: .')
    expect(await harness.build(site, files, { limits: { [bound]: value } })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining(message),
    })
  })

  test('is never built twice', async () => {
    using harness = openBuildHarness()
    await harness.build(NODE, { 'index.js': 'one' })
    await expect(harness.build(NODE, { 'index.js': 'two' })).rejects.toThrow('exists already')
    expect(harness.read('app/index.js')).toBe('one')
  })

  test('without the folder of a micro is refused', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(TWO, { 'index.html': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('The folder `api` of micro `api` is not in the upload'),
    })
  })

  test('of Deno without a start command says what to add, before anything is fetched or run', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: deno\ncommands: ["touch ran"]')
    expect(await harness.build(text, { 'a.ts': '' })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('Add `run` to the Spacefile, or a main.ts'),
    })
    expect(harness.commands).toEqual([])
  })

  test('of a hostile archive is refused', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(NODE, [{ name: '../index.js', data: '' }])).toMatchObject({
      kind: 'failed',
      fault: 'user',
    })
    expect(harness.revisions()).toEqual([])
  })

  test('larger than allowed is refused', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["truncate -s 251000000 big"]')
    expect(await harness.build(text, { 'index.js': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('more than 250 MB'),
    })
  })

  test('belongs to the server, whichever user ran the build', async () => {
    using harness = openBuildHarness()
    await harness.build(NODE, { 'index.js': '' })
    expect(lstatSync(join(harness.outDir, 'app/index.js')).uid).toBe(process.getuid!())
    expect(execFileSync('find', [harness.outDir, '-perm', '/022'], { encoding: 'utf8' })).toBe('')
  })
})

describe('build commands', () => {
  test('share one shell, in order', async () => {
    using harness = openBuildHarness()
    const commands = `commands:\n  - project_dir=$(pwd)\n  - mkdir sub && cd sub\n  - export A="it's"\n  - echo "$A $PWD" > "$project_dir/out"`
    expect((await harness.build(spacefileOf(`engine: nodejs16\n${commands}`), { 'index.js': '' })).kind).toBe(
      'built',
    )
    expect(harness.read('app/out')).toEndWith('/sub\n')
    expect(harness.read('app/out')).toStartWith("it's ")
    expect(harness.lines).toContain('[app] $ mkdir sub && cd sub')
  })

  test('see DETA_SPACE and no CI', async () => {
    using harness = openBuildHarness()
    await harness.build(spacefileOf('engine: nodejs16\ncommands: ["echo $DETA_SPACE-${CI-none} > out"]'), {
      'index.js': '',
    })
    expect(harness.read('app/out')).toBe('true-none\n')
  })

  test('that fail end the build with their exit code, and leave no revision', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["echo broken", "exit 3", "touch never"]')
    expect(await harness.build(text, { 'index.js': '' })).toEqual({
      kind: 'failed',
      fault: 'user',
      message:
        'A build command of micro `app` failed with exit code 3. The lines above say why. To reproduce the failure, run the same command on your machine.',
    })
    expect(harness.lines).toContain('[app] broken')
    expect(harness.revisions()).toEqual([])
  })

  test('that call a script with Windows line ends name it, where it cannot be converted with certainty', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: nodejs16\ncommands: [./make.sh]'), {
      'index.js': '',
      'make.sh': '#!/bin/sh\r\ntouch out\n',
    })
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('make.sh has Windows line ends (CRLF)'),
    })
  })

  test('that call a missing program are reported as such', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: nodejs16\ncommands: [no-such-program]'), {
      'index.js': '',
    })
    expect(result).toMatchObject({
      message: expect.stringContaining('a program that is not installed on this server'),
    })
  })
})
