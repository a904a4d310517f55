import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

const NODE = spacefileOf('engine: nodejs16')
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)

describe('a Node micro', () => {
  test('becomes a folder and a command', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(NODE, { 'index.js': 'serve()', 'lib/a.js': '1' })).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'process', dir: 'app', command: 'node index.js', env: {} }],
    })
    expect(shop.read('app/index.js')).toBe('serve()')
    expect(shop.revisions()).toEqual(['b1'])
    expect(shop.lines).toEqual([
      'Building micro app...',
      '[app] Packing...',
      'All micros built successfully',
      'Total size: 0.0 kB',
    ])
  })

  test('is readable by the other user that runs it, and writable by nobody', async () => {
    using shop = openBuildHarness()
    const commands =
      'commands: ["umask 077; mkdir made; echo x > made/file; chmod 777 index.js; cp index.js made/tool"]'
    await shop.build(spacefileOf(`engine: nodejs16\n${commands}`), {
      'index.js': '',
      'build.sh': '#!/bin/sh\n',
    })
    const modes = ['.', 'app', 'app/made', 'app/made/file', 'app/index.js', 'app/build.sh'].map((path) =>
      modeOf(join(shop.outDir, path)),
    )
    expect(modes).toEqual(['755', '755', '755', '644', '755', '755'])
  })

  test.each([
    ['run of the Spacefile', 'run: node server.js', {}, 'node server.js'],
    ['index.js', '', { 'index.js': '', 'package.json': '{"scripts":{"start":"x"}}' }, 'node index.js'],
    ['the start script', '', { 'package.json': '{"scripts":{"start":"node a.js"}}' }, 'npm start'],
    ['the main file', '', { 'package.json': '{"main":"lib/a.js"}', 'lib/a.js': '' }, 'node lib/a.js'],
  ])('starts by %s', async (_name, fields, files, command) => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf(`engine: nodejs16\n${fields}`), { 'README.md': '', ...files })
    expect(result).toMatchObject({ kind: 'built', micros: [{ command }] })
  })

  test('that says nowhere how it starts is refused', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(NODE, { 'server.js': '' })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('Nothing says how micro `app` starts'),
    })
    expect(shop.revisions()).toEqual([])
  })

  test('ships only what `include` names, and no dependencies', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ninclude: [dist, bin/tool]\nrun: ./tool')
    const files = {
      'dist/a.js': '1',
      'dist/node_modules/x/y.js': '2',
      'bin/tool': '#!/bin/sh\n',
      'src/a.ts': '3',
    }
    expect((await shop.build(text, files)).kind).toBe('built')
    expect(readdirSync(join(shop.outDir, 'app'), { recursive: true }).map(String).sort()).toEqual([
      'bin',
      'bin/tool',
      'dist',
      'dist/a.js',
      'tool',
    ])
    expect(readlinkSync(join(shop.outDir, 'app/tool'))).toBe('bin/tool')
  })

  test('whose `include` is not there is refused', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: nodejs16\ninclude: [dist]\nrun: x'), { 'a.js': '' })
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('`dist`, which micro `app` needs'),
    })
    expect(shop.revisions()).toEqual([])
  })

  test('cannot include through a link', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf(
      'engine: nodejs16\ncommands: ["ln -s / out"]\ninclude: [out/etc/hostname]\nrun: x',
    )
    expect(await shop.build(text, { 'a.js': '' })).toMatchObject({ kind: 'failed', fault: 'user' })
  })

  test('loses pipes, and keeps links as links', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["mkfifo pipe", "ln -s /etc/hostname link"]')
    await shop.build(text, { 'index.js': '' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['index.js', 'link'])
    expect(readlinkSync(join(shop.outDir, 'app/link'))).toBe('/etc/hostname')
  })
})
