import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

const NODE = spacefileOf('engine: nodejs16')

describe('a revision', () => {
  const TWO = `v: 0
micros:
  - {name: web, src: ., engine: static, serve: ., primary: true}
  - {name: api, src: api, engine: nodejs16}
`

  test('has a folder for each micro, also when one lies in the other', async () => {
    using shop = openBuildHarness()
    await shop.build(TWO, { 'index.html': 'page', 'api/index.js': 'api' })
    expect(shop.read('web/index.html')).toBe('page')
    expect(shop.read('web/api/index.js')).toBe('api')
    expect(shop.read('api/index.js')).toBe('api')
  })

  test('is there whole or not at all', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(TWO, { 'index.html': 'page', 'api/server.js': '' })
    expect(result.kind).toBe('failed')
    expect(shop.revisions()).toEqual([])
  })

  test('is built over what a crash left', async () => {
    using shop = openBuildHarness()
    mkdirSync(`${shop.outDir}.building/shipped/app`, { recursive: true })
    writeFileSync(`${shop.outDir}.building/shipped/app/old.js`, '')
    expect((await shop.build(NODE, { 'index.js': '' })).kind).toBe('built')
    expect(readdirSync(join(shop.outDir, 'app'))).toEqual(['index.js'])
  })

  test.each([
    ['archiveEntries', 2, 'more than 2 files'],
    ['archiveBytes', 20, 'more than 0.00002 MB'],
    ['packageBytes', 20, 'serves more than 0.00002 MB'],
    ['shippedFiles', 3, 'more than 3 files'],
  ])('is refused beyond the %s that this server has', async (bound, value, message) => {
    using shop = openBuildHarness()
    const files = { 'index.html': 'x'.repeat(30), 'a.html': '', 'b.html': '' }
    const site = spacefileOf('engine: static\nserve: .')
    expect(await shop.build(site, files, { limits: { [bound]: value } })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining(message),
    })
  })

  test('is never built twice', async () => {
    using shop = openBuildHarness()
    await shop.build(NODE, { 'index.js': 'one' })
    await expect(shop.build(NODE, { 'index.js': 'two' })).rejects.toThrow('exists already')
    expect(shop.read('app/index.js')).toBe('one')
  })

  test('without the folder of a micro is refused', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(TWO, { 'index.html': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('The folder `api` of micro `api` is not in the upload'),
    })
  })

  test('with an engine that is not there yet is refused by name before anything runs', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: deno\ncommands: ["touch ran"]')
    expect(await shop.build(text, { 'a.ts': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('cannot build the engine `deno`'),
    })
    expect(shop.commands).toEqual([])
  })

  test('of a hostile archive is refused', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(NODE, [{ name: '../index.js', data: '' }])).toMatchObject({
      kind: 'failed',
      fault: 'user',
    })
    expect(shop.revisions()).toEqual([])
  })

  test('larger than allowed is refused', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["truncate -s 251000000 big"]')
    expect(await shop.build(text, { 'index.js': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('more than 250 MB'),
    })
  })

  test('belongs to the server, whoever the build ran as', async () => {
    using shop = openBuildHarness()
    await shop.build(NODE, { 'index.js': '' })
    expect(lstatSync(join(shop.outDir, 'app/index.js')).uid).toBe(process.getuid!())
    expect(execFileSync('find', [shop.outDir, '-perm', '/022'], { encoding: 'utf8' })).toBe('')
  })
})

describe('build commands', () => {
  test('share one shell, in order', async () => {
    using shop = openBuildHarness()
    const commands = `commands:\n  - project_dir=$(pwd)\n  - mkdir sub && cd sub\n  - export A="it's"\n  - echo "$A $PWD" > "$project_dir/out"`
    expect((await shop.build(spacefileOf(`engine: nodejs16\n${commands}`), { 'index.js': '' })).kind).toBe(
      'built',
    )
    expect(shop.read('app/out')).toEndWith('/sub\n')
    expect(shop.read('app/out')).toStartWith("it's ")
    expect(shop.lines).toContain('[app] $ mkdir sub && cd sub')
  })

  test('see DETA_SPACE and no CI', async () => {
    using shop = openBuildHarness()
    await shop.build(spacefileOf('engine: nodejs16\ncommands: ["echo $DETA_SPACE-${CI-none} > out"]'), {
      'index.js': '',
    })
    expect(shop.read('app/out')).toBe('true-none\n')
  })

  test('that fail end the build with their exit code, and leave nothing', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["echo broken", "exit 3", "touch never"]')
    expect(await shop.build(text, { 'index.js': '' })).toEqual({
      kind: 'failed',
      fault: 'user',
      message:
        'A build command of micro `app` failed with exit code 3. The lines above say why; the same command by hand shows it too.',
    })
    expect(shop.lines).toContain('[app] broken')
    expect(shop.revisions()).toEqual([])
  })

  test('that call a script with Windows line ends name it', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: nodejs16\ncommands: [./make.sh]'), {
      'index.js': '',
      'make.sh': '#!/bin/sh\r\ntouch out\r\n',
    })
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('make.sh has Windows line ends (CRLF)'),
    })
  })

  test('that call what is not installed say so', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: nodejs16\ncommands: [no-such-program]'), {
      'index.js': '',
    })
    expect(result).toMatchObject({
      message: expect.stringContaining('a program that this server does not have'),
    })
  })
})
