import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

const NODE = spacefileOf('engine: nodejs16')
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)

describe('a Node micro', () => {
  test('becomes a folder and a command', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(NODE, { 'index.js': 'serve()', 'lib/a.js': '1' })).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'process', dir: 'app', command: 'node index.js', env: {} }],
    })
    expect(harness.read('app/index.js')).toBe('serve()')
    expect(harness.revisions()).toEqual(['b1'])
    expect(harness.lines).toEqual([
      'Building micro app...',
      '[app] Packing...',
      'All micros built successfully',
      'Total size: 0.0 kB',
    ])
  })

  test('is readable by the other user that runs it, and writable only by the server', async () => {
    using harness = openBuildHarness()
    const commands =
      'commands: ["umask 077; mkdir made; echo x > made/file; chmod 777 index.js; cp index.js made/tool"]'
    await harness.build(spacefileOf(`engine: nodejs16\n${commands}`), {
      'index.js': '',
      'build.sh': '#!/bin/sh\n',
    })
    const modes = ['.', 'app', 'app/made', 'app/made/file', 'app/index.js', 'app/build.sh'].map((path) =>
      modeOf(join(harness.outDir, path)),
    )
    expect(modes).toEqual(['755', '755', '755', '644', '755', '755'])
  })

  test.each([
    ['run of the Spacefile', 'run: node server.js', {}, 'node server.js'],
    ['index.js', '', { 'index.js': '', 'package.json': '{"scripts":{"start":"x"}}' }, 'node index.js'],
    ['the start script', '', { 'package.json': '{"scripts":{"start":"node a.js"}}' }, 'npm start'],
    ['the main file', '', { 'package.json': '{"main":"lib/a.js"}', 'lib/a.js': '' }, 'node lib/a.js'],
  ])('starts by %s', async (_name, fields, files, command) => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf(`engine: nodejs16\n${fields}`), {
      'README.md': '',
      ...files,
    })
    expect(result).toMatchObject({ kind: 'built', micros: [{ command }] })
  })

  test('without a start command is refused', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(NODE, { 'server.js': '' })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('Micro `app` has no start command'),
    })
    expect(harness.revisions()).toEqual([])
  })

  test('has only the paths of `include` in the artifact, and no dependencies', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ninclude: [dist, bin/tool]\nrun: ./tool')
    const files = {
      'dist/a.js': '1',
      'dist/node_modules/x/y.js': '2',
      'bin/tool': '#!/bin/sh\n',
      'src/a.ts': '3',
    }
    expect((await harness.build(text, files)).kind).toBe('built')
    expect(readdirSync(join(harness.outDir, 'app'), { recursive: true }).map(String).sort()).toEqual([
      'bin',
      'bin/tool',
      'dist',
      'dist/a.js',
      'tool',
    ])
    expect(readlinkSync(join(harness.outDir, 'app/tool'))).toBe('bin/tool')
  })

  test('whose `include` does not exist is refused', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: nodejs16\ninclude: [dist]\nrun: x'), {
      'a.js': '',
    })
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('`dist`, which micro `app` needs'),
    })
    expect(harness.revisions()).toEqual([])
  })

  test('cannot include through a link', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf(
      'engine: nodejs16\ncommands: ["ln -s / out"]\ninclude: [out/etc/hostname]\nrun: x',
    )
    expect(await harness.build(text, { 'a.js': '' })).toMatchObject({ kind: 'failed', fault: 'user' })
  })

  test('whose link leads out of the micro is refused', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["mkdir a && ln -s ../../shared a/shared"]')
    expect(await harness.build(text, { 'index.js': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining(
        '`a/shared` of micro `app` is a link to `../../shared`, outside the micro',
      ),
    })
  })

  test('has no pipes, and its links stay links', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: nodejs16\ncommands: ["mkfifo pipe", "ln -s /etc/hostname link"]')
    await harness.build(text, { 'index.js': '' })
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['index.js', 'link'])
    expect(readlinkSync(join(harness.outDir, 'app/link'))).toBe('/etc/hostname')
  })
})
