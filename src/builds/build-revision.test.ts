import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openWorkshop } from './testing/workshop.ts'
import type { Workshop } from './testing/workshop.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

const spacefile = (fields: string) =>
  `v: 0\nmicros:\n  - name: app\n    src: .\n${fields.replace(/^/gm, '    ')}\n`
const NODE = spacefile('engine: nodejs16')
const STATIC = spacefile('engine: static\nserve: .')
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)

/** Nothing of a failed build may be found by who looks for revisions. */
const expectNothingLeft = ({ dir }: Workshop) => expect(readdirSync(join(dir, 'revisions'))).toEqual([])

describe('a Node micro', () => {
  test('becomes a folder and a command', async () => {
    using shop = openWorkshop()
    expect(await shop.build(NODE, { 'index.js': 'serve()', 'lib/a.js': '1' })).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'process', dir: 'app', command: 'node index.js', env: {} }],
    })
    expect(shop.read('app/index.js')).toBe('serve()')
    expect(readdirSync(join(shop.dir, 'revisions'))).toEqual(['b1'])
    expect(shop.lines).toEqual([
      'Building micro app...',
      '[app] Packing...',
      'All micros built successfully',
      'Total size: 0.0 kB',
    ])
  })

  test('is readable by the other user that runs it, and writable by nobody', async () => {
    using shop = openWorkshop()
    const commands =
      'commands: ["umask 077; mkdir made; echo x > made/file; chmod 777 index.js; cp index.js made/tool"]'
    await shop.build(spacefile(`engine: nodejs16\n${commands}`), {
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
    using shop = openWorkshop()
    const result = await shop.build(spacefile(`engine: nodejs16\n${fields}`), { 'README.md': '', ...files })
    expect(result).toMatchObject({ kind: 'built', micros: [{ command }] })
  })

  test('that says nowhere how it starts is refused', async () => {
    using shop = openWorkshop()
    expect(await shop.build(NODE, { 'server.js': '' })).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringContaining('Nothing says how micro `app` starts'),
    })
    expectNothingLeft(shop)
  })

  test('ships only what `include` names, and no dependencies', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: nodejs16\ninclude: [dist, bin/tool]\nrun: ./tool')
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
    using shop = openWorkshop()
    const result = await shop.build(spacefile('engine: nodejs16\ninclude: [dist]\nrun: x'), { 'a.js': '' })
    expect(result).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('`dist`, which micro `app` needs'),
    })
    expectNothingLeft(shop)
  })

  test('cannot include through a link', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: nodejs16\ncommands: ["ln -s / out"]\ninclude: [out/etc/hostname]\nrun: x')
    expect(await shop.build(text, { 'a.js': '' })).toMatchObject({ kind: 'failed', fault: 'user' })
  })

  test('loses pipes, and keeps links as links', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: nodejs16\ncommands: ["mkfifo pipe", "ln -s /etc/hostname link"]')
    await shop.build(text, { 'index.js': '' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['index.js', 'link'])
    expect(readlinkSync(join(shop.outDir, 'app/link'))).toBe('/etc/hostname')
  })
})

describe('build commands', () => {
  test('share one shell, in order', async () => {
    using shop = openWorkshop()
    const commands = `commands:\n  - project_dir=$(pwd)\n  - mkdir sub && cd sub\n  - export A="it's"\n  - echo "$A $PWD" > "$project_dir/out"`
    expect((await shop.build(spacefile(`engine: nodejs16\n${commands}`), { 'index.js': '' })).kind).toBe(
      'built',
    )
    expect(shop.read('app/out')).toEndWith('/sub\n')
    expect(shop.read('app/out')).toStartWith("it's ")
    expect(shop.lines).toContain('[app] $ mkdir sub && cd sub')
  })

  test('see DETA_SPACE and no CI', async () => {
    using shop = openWorkshop()
    await shop.build(spacefile('engine: nodejs16\ncommands: ["echo $DETA_SPACE-${CI-none} > out"]'), {
      'index.js': '',
    })
    expect(shop.read('app/out')).toBe('true-none\n')
  })

  test('that fail end the build with their exit code, and leave nothing', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: nodejs16\ncommands: ["echo broken", "exit 3", "touch never"]')
    expect(await shop.build(text, { 'index.js': '' })).toEqual({
      kind: 'failed',
      fault: 'user',
      message:
        'A build command of micro `app` failed with exit code 3. The lines above say why; the same command by hand shows it too.',
    })
    expect(shop.lines).toContain('[app] broken')
    expectNothingLeft(shop)
  })

  test('that call what is not installed say so', async () => {
    using shop = openWorkshop()
    const result = await shop.build(spacefile('engine: nodejs16\ncommands: [no-such-program]'), {
      'index.js': '',
    })
    expect(result).toMatchObject({
      message: expect.stringContaining('a program that this server does not have'),
    })
  })
})

describe('dependencies', () => {
  /** A dependency in the upload itself: npm needs no network for it. */
  const files = {
    'index.js': '',
    'package.json': '{"dependencies":{"local":"file:./local"}}',
    'local/package.json': '{"name":"local","version":"1.0.0"}',
    'local/index.js': 'local',
  }

  test('are installed by npm when there is no lockfile', async () => {
    using shop = openWorkshop()
    expect((await shop.build(NODE, files)).kind).toBe('built')
    expect(shop.lines).toContain('[app] Installing dependencies with npm...')
    expect(existsSync(join(shop.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('are installed without a lockfile that cannot be followed, and the log says so', async () => {
    using shop = openWorkshop()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    expect((await shop.build(NODE, { ...files, 'package-lock.json': lock })).kind).toBe('built')
    expect(shop.lines).toContain(
      '[app] The install by package-lock.json failed. Trying again without it: versions may differ.',
    )
    expect(existsSync(join(shop.outDir, 'app/node_modules/local'))).toBe(true)
  })

  test('are not looked for when package.json names none', async () => {
    using shop = openWorkshop()
    await shop.build(NODE, { 'index.js': '', 'package.json': '{"type":"module"}', 'package-lock.json': '{}' })
    expect(shop.commands).toEqual([])
  })

  test('with code of their own go to a cache of this app alone', async () => {
    using shop = openWorkshop()
    await shop.build(NODE, files, { cacheScope: 'app_1' })
    expect(shop.commands.map(({ cacheDir }) => cacheDir)).toEqual([join(shop.dir, 'cache/apps/app_1')])
  })

  test('that only download go to the shared cache, and their scripts are not run', async () => {
    using shop = openWorkshop()
    const packages = { '': {}, 'node_modules/no-such': { version: '1.0.0', integrity: 'sha512-eA==' } }
    const lock = JSON.stringify({ lockfileVersion: 3, packages })
    const withLock = { ...files, 'package-lock.json': lock }
    await shop.build(NODE, withLock, { cacheScope: 'app_1' })
    expect(shop.commands[0]).toMatchObject({
      cacheDir: join(shop.dir, 'cache/shared'),
      script: expect.stringContaining('--ignore-scripts'),
    })
  })

  test('never use the shared cache beside an .npmrc', async () => {
    using shop = openWorkshop()
    const lock = '{"lockfileVersion":3,"packages":{"":{}}}'
    await shop.build(NODE, { ...files, 'package-lock.json': lock, '.npmrc': 'git=./evil' })
    expect(shop.commands.some(({ cacheDir }) => cacheDir.endsWith('shared'))).toBe(false)
  })

  test('of a package manager that is not there say what to do', async () => {
    using shop = openWorkshop()
    const present = ['yarn', 'pnpm'].find((name) => Bun.which(name) === null)
    if (present === undefined) return
    const lockfile = present === 'yarn' ? 'yarn.lock' : 'pnpm-lock.yaml'
    expect(await shop.build(NODE, { ...files, [lockfile]: '' })).toMatchObject({
      fault: 'system',
      message: expect.stringContaining(`${present} is not installed on this server`),
    })
  })

  test('that do not exist are the fault of the app', async () => {
    using shop = openWorkshop()
    const result = await shop.build(NODE, {
      'index.js': '',
      'package.json': '{"dependencies":{"a":"file:./none.tgz"}}',
    })
    expect(result).toMatchObject({ fault: 'user', message: expect.stringContaining('npm could not install') })
    expectNothingLeft(shop)
  })
})

describe('a static micro', () => {
  test('becomes a folder of files', async () => {
    using shop = openWorkshop()
    const files = { 'index.html': '<p>', 'a/b.css': 'p{}', Spacefile: 'v: 0', '.spaceignore': '' }
    expect(await shop.build(STATIC, files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: false }],
    })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['a', 'index.html'])
    expect(shop.commands).toEqual([])
  })

  test('serves what its commands make, without the dependencies they used', async () => {
    using shop = openWorkshop()
    const text = spacefile(
      'engine: static\nserve: .\ncommands: ["mkdir -p node_modules/x", "echo made > page.html"]',
    )
    await shop.build(text, { 'index.html': '' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['index.html', 'page.html'])
  })

  test('never serves a file from outside through a link', async () => {
    using shop = openWorkshop()
    const links = [
      'ln -s /etc/hostname a.txt',
      'ln -s ../../../upload.zip b.zip',
      'ln -s / root',
      'ln -s nowhere c',
    ]
    const inside = ['ln -s index.html d.html', 'ln -s sub e']
    const text = spacefile(`engine: static\nserve: .\ncommands: ${JSON.stringify([...links, ...inside])}`)
    await shop.build(text, { 'index.html': 'page', 'sub/x': 'y' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['d.html', 'index.html', 'sub'])
    expect(lstatSync(join(shop.outDir, 'app/d.html')).isFile()).toBe(true)
    expect(shop.lines).toContain('[app] Left out "a.txt": it is not a file of this micro')
  })

  test.each([
    ['is not there', 'serve: dist', ''],
    ['is a link out of the micro', 'serve: out', 'commands: ["ln -s / out"]'],
    ['lies behind a link out of the micro', 'serve: out/etc', 'commands: ["ln -s / out"]'],
    ['is a file', 'serve: index.html', ''],
  ])('whose folder %s is refused', async (_name, serve, commands) => {
    using shop = openWorkshop()
    expect(
      await shop.build(spacefile(`engine: static\n${serve}\n${commands}`), { 'index.html': '' }),
    ).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('which is not there after the build'),
    })
    expectNothingLeft(shop)
  })

  test('gets compressed forms beside its root, where no request path can name them', async () => {
    using shop = openWorkshop()
    const page = '<p>hello</p>'.repeat(500)
    await shop.build(STATIC, { 'a/index.html': page, 'small.js': 'x', 'photo.png': page })
    expect(brotliDecompressSync(readFileSync(join(shop.outDir, 'app.br/a/index.html'))).toString()).toBe(page)
    expect(gunzipSync(readFileSync(join(shop.outDir, 'app.gz/a/index.html'))).toString()).toBe(page)
    expect(readdirSync(join(shop.outDir, 'app.br'), { recursive: true }).map(String).sort()).toEqual([
      'a',
      'a/index.html',
    ])
    expect(readdirSync(join(shop.outDir, 'app'), { recursive: true })).not.toContain('a/index.html.br')
    expect(modeOf(join(shop.outDir, 'app.br/a/index.html'))).toBe('644')
  })
})

describe('a page made by a framework', () => {
  test.each([
    ['react', 'build'],
    ['react', 'dist'],
    ['vue', 'dist'],
    ['svelte', 'dist'],
  ])('%s is built and served from %s, with index.html for unknown paths', async (engine, folder) => {
    using shop = openWorkshop()
    const script = `mkdir ${folder} && echo page > ${folder}/index.html`
    const files = { 'package.json': JSON.stringify({ scripts: { build: script } }), 'src/a.js': '' }
    expect(await shop.build(spacefile(`engine: ${engine}`), files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: true }],
    })
    expect(readdirSync(join(shop.outDir, 'app'))).toEqual(['index.html'])
  })

  test('whose result is elsewhere is told about `serve`', async () => {
    using shop = openWorkshop()
    const files = { 'package.json': JSON.stringify({ scripts: { build: 'mkdir public' } }) }
    expect(await shop.build(spacefile('engine: react'), files)).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('Name its result with `serve`'),
    })
  })
})

describe('a revision', () => {
  const TWO = `v: 0
micros:
  - {name: web, src: ., engine: static, serve: ., primary: true}
  - {name: api, src: api, engine: nodejs16}
`

  test('has a folder for each micro, also when one lies in the other', async () => {
    using shop = openWorkshop()
    await shop.build(TWO, { 'index.html': 'page', 'api/index.js': 'api' })
    expect(shop.read('web/index.html')).toBe('page')
    expect(shop.read('web/api/index.js')).toBe('api')
    expect(shop.read('api/index.js')).toBe('api')
  })

  test('is there whole or not at all', async () => {
    using shop = openWorkshop()
    const result = await shop.build(TWO, { 'index.html': 'page', 'api/server.js': '' })
    expect(result.kind).toBe('failed')
    expectNothingLeft(shop)
  })

  test('is built over what a crash left', async () => {
    using shop = openWorkshop()
    mkdirSync(`${shop.outDir}.building/shipped/app`, { recursive: true })
    writeFileSync(`${shop.outDir}.building/shipped/app/old.js`, '')
    expect((await shop.build(NODE, { 'index.js': '' })).kind).toBe('built')
    expect(readdirSync(join(shop.outDir, 'app'))).toEqual(['index.js'])
  })

  test('is never built twice', async () => {
    using shop = openWorkshop()
    await shop.build(NODE, { 'index.js': 'one' })
    await expect(shop.build(NODE, { 'index.js': 'two' })).rejects.toThrow('exists already')
    expect(shop.read('app/index.js')).toBe('one')
  })

  test('without the folder of a micro is refused', async () => {
    using shop = openWorkshop()
    expect(await shop.build(TWO, { 'index.html': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('The folder `api` of micro `api` is not in the upload'),
    })
  })

  test('with an engine that is not there yet is refused by name before anything runs', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: deno\ncommands: ["touch ran"]')
    expect(await shop.build(text, { 'a.ts': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('cannot build the engine `deno`'),
    })
    expect(shop.commands).toEqual([])
  })

  test('of a hostile archive is refused', async () => {
    using shop = openWorkshop()
    expect(await shop.build(NODE, [{ name: '../index.js', data: '' }])).toMatchObject({
      kind: 'failed',
      fault: 'user',
    })
    expectNothingLeft(shop)
  })

  test('larger than allowed is refused', async () => {
    using shop = openWorkshop()
    const text = spacefile('engine: nodejs16\ncommands: ["truncate -s 251000000 big"]')
    expect(await shop.build(text, { 'index.js': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('more than 250 MB'),
    })
  })

  test('belongs to the server, whoever the build ran as', async () => {
    using shop = openWorkshop()
    await shop.build(NODE, { 'index.js': '' })
    expect(lstatSync(join(shop.outDir, 'app/index.js')).uid).toBe(process.getuid!())
    expect(execFileSync('find', [shop.outDir, '-perm', '/022'], { encoding: 'utf8' })).toBe('')
  })
})
