import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { until } from '../../kernel/testing/until.ts'
import { openBuildHarness, spacefileOf, type BuildHarness } from '../testing/build-harness.ts'

const filesOf = (shop: BuildHarness) =>
  readdirSync(join(shop.outDir, 'app'), { recursive: true })
    .map(String)
    .filter((path) => !lstatSync(join(shop.outDir, 'app', path)).isDirectory())
    .sort()
const buildScript = (script: string, more: object = {}) =>
  JSON.stringify({ type: 'module', scripts: { build: script }, ...more })

describe('next', () => {
  const standalone =
    'mkdir -p .next/standalone/node_modules/n .next/static && touch .next/standalone/server.js .next/standalone/node_modules/n/i.js .next/static/a.js'

  test('ships its standalone server with the assets it leaves out', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: next'), {
      'package.json': buildScript(standalone),
      'public/logo.svg': '<svg>',
      'pages/index.js': '',
    })
    expect(result).toMatchObject({ micros: [{ command: 'HOSTNAME=0.0.0.0 node server.js' }] })
    expect(filesOf(shop)).toEqual([
      '.next/static/a.js',
      'node_modules/n/i.js',
      'public/logo.svg',
      'server.js',
    ])
  })

  test('that is not standalone says which line to write', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: next'), {
      'package.json': buildScript('mkdir .next'),
    })
    expect(result).toMatchObject({ fault: 'user', message: expect.stringContaining("output: 'standalone'") })
  })

  test('cannot have its assets copied through a link out of the revision', async () => {
    using shop = openBuildHarness()
    const victim = join(shop.dir, 'victim')
    writeFileSync(victim, 'untouched')
    const links = `ln -s ${shop.dir} .next/standalone/.next && mkdir .next/standalone/public && ln -s ${victim} .next/standalone/public/logo.svg`
    const result = await shop.build(spacefileOf('engine: next'), {
      'package.json': buildScript(`${standalone} && ${links}`),
      'public/logo.svg': 'overwritten',
    })
    expect(result.kind).toBe('built')
    expect(readFileSync(victim, 'utf8')).toBe('untouched')
    expect(existsSync(join(shop.dir, 'static'))).toBe(false)
    expect(shop.read('app/public/logo.svg')).toBe('overwritten')
  })
})

test('nuxt ships its output with the modules in it, and nothing else', async () => {
  using shop = openBuildHarness()
  const script =
    'mkdir -p .output/server/node_modules/n && touch .output/server/index.mjs .output/server/node_modules/n/i.js'
  const result = await shop.build(spacefileOf('engine: nuxt'), {
    'package.json': buildScript(script),
    'app.vue': '',
  })
  expect(result).toMatchObject({ micros: [{ command: 'node .output/server/index.mjs' }] })
  expect(filesOf(shop)).toEqual(['.output/server/index.mjs', '.output/server/node_modules/n/i.js'])
})

describe('svelte-kit', () => {
  test('ships its build, and no modules when nothing needs them', async () => {
    using shop = openBuildHarness()
    const script = 'mkdir -p build node_modules/x && touch build/index.js node_modules/x/i.js'
    const result = await shop.build(spacefileOf('engine: svelte-kit'), {
      'package.json': buildScript(script),
      'src/a': '',
    })
    expect(result).toMatchObject({ micros: [{ command: 'node build' }] })
    expect(filesOf(shop)).toEqual(['build/index.js', 'package.json'])
  })

  test('ships modules when package.json lists some for running', async () => {
    using shop = openBuildHarness()
    const files = {
      'package.json': buildScript('mkdir build', { dependencies: { local: 'file:./local' } }),
      'local/package.json': '{"name":"local","version":"1.0.0"}',
    }
    expect((await shop.build(spacefileOf('engine: svelte-kit'), files)).kind).toBe('built')
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['build', 'node_modules', 'package.json'])
  })

  test('with `run` is shipped whole, since the line names places in it', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf('engine: svelte-kit\nrun: node out/index.js')
    const result = await shop.build(text, { 'package.json': buildScript('mkdir out && touch out/index.js') })
    expect(result).toMatchObject({ micros: [{ command: 'node out/index.js' }] })
    expect(filesOf(shop)).toEqual(['out/index.js', 'package.json'])
  })
})

describe('bun', () => {
  test.each([
    ['index.ts', { 'index.ts': '' }, 'bun index.ts'],
    ['the start script', { 'package.json': '{"scripts":{"start":"x"}}' }, 'bun run start'],
  ])('starts by %s', async (_name, files, command) => {
    using shop = openBuildHarness()
    expect(await shop.build(spacefileOf('engine: bun'), files)).toMatchObject({ micros: [{ command }] })
  })
})

describe('custom', () => {
  test('is what its commands make and its `run` starts', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf(
      'engine: custom\ncommands: ["cp main.sh server"]\ninclude: [server]\nrun: ./server',
    )
    expect(await shop.build(text, { 'main.sh': '#!/bin/sh\n' })).toMatchObject({
      micros: [{ command: './server' }],
    })
    expect(filesOf(shop)).toEqual(['server'])
    expect(lstatSync(join(shop.outDir, 'app/server')).mode & 0o777).toBe(0o755)
  })

  test('without `run` is refused', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(spacefileOf('engine: custom'), { a: '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('needs `run`'),
    })
  })
})

describe.skipIf(Bun.which('python3') === null)('python', () => {
  const WSGI = `def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("wsgi " + environ["PATH_INFO"]).encode()]
`

  test('without `run` serves `app` of main.py', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: python3.9'), { 'main.py': WSGI })
    expect(await firstAnswer(shop, result)).toBe('wsgi /hello')
  })

  test('with `run` finds `python`, whatever this machine calls it', async () => {
    using shop = openBuildHarness()
    const main = `from wsgiref.simple_server import make_server\nimport os\n${WSGI}make_server("127.0.0.1", int(os.environ["PORT"]), app).serve_forever()\n`
    const result = await shop.build(spacefileOf('engine: python3.12\nrun: python server.py'), {
      'server.py': main,
    })
    expect(await firstAnswer(shop, result)).toBe('wsgi /hello')
  })

  // Real package managers behind real walls, on machines that do other things as well.
  setDefaultTimeout(60_000)

  test('tells uvicorn where to listen', async () => {
    using shop = openBuildHarness()
    const result = await shop.build(spacefileOf('engine: python3.9\nrun: uvicorn main:app'), {
      'main.py': '',
    })
    expect(result).toMatchObject({
      micros: [
        {
          command: expect.stringMatching(/UVICORN_HOST=0\.0\.0\.0 UVICORN_PORT="\$PORT"; uvicorn main:app$/),
        },
      ],
    })
  })

  test('that says nowhere how it starts is refused', async () => {
    using shop = openBuildHarness()
    expect(await shop.build(spacefileOf('engine: python3.9'), { 'app.py': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('add a main.py'),
    })
  })

  test('cannot have our module written through a link', async () => {
    using shop = openBuildHarness()
    const target = join(shop.dir, 'victim')
    const text = spacefileOf(
      `engine: python3.9\ncommands: ["rm -r .python_packages", "ln -s ${shop.dir} .python_packages"]`,
    )
    symlinkSync(target, join(shop.dir, 'ownspace_serve.py'))
    expect((await shop.build(text, { 'main.py': '' })).kind).toBe('built')
    expect(existsSync(target)).toBe(false)
    expect(lstatSync(join(shop.outDir, 'app/.python_packages')).isDirectory()).toBe(true)
  })

  test('keeps its packages beside what `include` names', async () => {
    using shop = openBuildHarness()
    await shop.build(spacefileOf('engine: python3.9\ninclude: [main.py]'), {
      'main.py': WSGI,
      'secret.txt': '',
    })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['.python_packages', 'main.py'])
  })
})

/** Starts what was built as the runtime would, and asks it for /hello. */
async function firstAnswer(
  shop: BuildHarness,
  result: Awaited<ReturnType<BuildHarness['build']>>,
): Promise<string> {
  const micro = result.kind === 'built' ? result.micros[0] : undefined
  if (micro?.kind !== 'process') throw new Error(JSON.stringify([result, shop.lines]))
  const port = await freePort()
  const child = Bun.spawn(['bash', '-c', `exec 2>&1; ${micro.command}`], {
    cwd: join(shop.outDir, micro.dir),
    env: { PATH: Bun.env.PATH, PORT: String(port), ...micro.env },
    stdout: 'pipe',
    detached: true,
  })
  const ended = new Response(child.stdout).text().then((text) => {
    throw new Error(`ended before it answered: ${text}`)
  })
  ended.catch(() => {})
  try {
    return await Promise.race([answerOf(`http://127.0.0.1:${port}/hello`), ended])
  } finally {
    // The shell and what it started: a group of their own.
    process.kill(-child.pid, 'SIGKILL')
    await child.exited
  }
}

async function answerOf(url: string): Promise<string> {
  let answer: Response | null = null
  await until('the app answers', async () => (answer = await fetch(url).catch(() => null)) !== null)
  return answer!.text()
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
