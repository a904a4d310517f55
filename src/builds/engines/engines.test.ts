import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { until } from '../../kernel/testing/until.ts'
import { openBuildHarness, spacefileOf, type BuildHarness } from '../testing/build-harness.ts'

const filesOf = (harness: BuildHarness) =>
  readdirSync(join(harness.outDir, 'app'), { recursive: true })
    .map(String)
    .filter((path) => !lstatSync(join(harness.outDir, 'app', path)).isDirectory())
    .sort()
const buildScript = (script: string, more: object = {}) =>
  JSON.stringify({ type: 'module', scripts: { build: script }, ...more })

describe('next', () => {
  const standalone =
    'mkdir -p .next/standalone/node_modules/n .next/static && touch .next/standalone/server.js .next/standalone/node_modules/n/i.js .next/static/a.js'

  test('has its standalone server in the artifact, with the assets that the server lacks', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: next'), {
      'package.json': buildScript(standalone),
      'public/logo.svg': '<svg>',
      'pages/index.js': '',
    })
    expect(result).toMatchObject({ micros: [{ command: 'HOSTNAME=0.0.0.0 node server.js' }] })
    expect(filesOf(harness)).toEqual([
      '.next/static/a.js',
      'node_modules/n/i.js',
      'public/logo.svg',
      'server.js',
    ])
  })

  test('that is not standalone fails with the missing line in the message', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: next'), {
      'package.json': buildScript('mkdir .next'),
    })
    expect(result).toMatchObject({ fault: 'user', message: expect.stringContaining("output: 'standalone'") })
  })

  test('cannot have its assets copied through a link out of the revision', async () => {
    using harness = openBuildHarness()
    const victim = join(harness.dir, 'victim')
    writeFileSync(victim, 'untouched')
    const links = `ln -s ${harness.dir} .next/standalone/.next && mkdir .next/standalone/public && ln -s ${victim} .next/standalone/public/logo.svg`
    const result = await harness.build(spacefileOf('engine: next'), {
      'package.json': buildScript(`${standalone} && ${links}`),
      'public/logo.svg': 'overwritten',
    })
    expect(result.kind).toBe('built')
    expect(readFileSync(victim, 'utf8')).toBe('untouched')
    expect(existsSync(join(harness.dir, 'static'))).toBe(false)
    expect(harness.read('app/public/logo.svg')).toBe('overwritten')
  })
})

test('the artifact of nuxt is its output with the modules in it, and nothing else', async () => {
  using harness = openBuildHarness()
  const script =
    'mkdir -p .output/server/node_modules/n && touch .output/server/index.mjs .output/server/node_modules/n/i.js'
  const result = await harness.build(spacefileOf('engine: nuxt'), {
    'package.json': buildScript(script),
    'app.vue': '',
  })
  expect(result).toMatchObject({ micros: [{ command: 'node .output/server/index.mjs' }] })
  expect(filesOf(harness)).toEqual(['.output/server/index.mjs', '.output/server/node_modules/n/i.js'])
})

describe('svelte-kit', () => {
  test('has its build in the artifact, and no modules when package.json lists none for run time', async () => {
    using harness = openBuildHarness()
    const script = 'mkdir -p build node_modules/x && touch build/index.js node_modules/x/i.js'
    const result = await harness.build(spacefileOf('engine: svelte-kit'), {
      'package.json': buildScript(script),
      'src/a': '',
    })
    expect(result).toMatchObject({ micros: [{ command: 'node build' }] })
    expect(filesOf(harness)).toEqual(['build/index.js', 'package.json'])
  })

  test('has modules in the artifact when package.json lists some for run time', async () => {
    using harness = openBuildHarness()
    const files = {
      'package.json': buildScript('mkdir build && touch build/index.js', {
        dependencies: { local: 'file:./local' },
      }),
      'local/package.json': '{"name":"local","version":"1.0.0"}',
    }
    expect((await harness.build(spacefileOf('engine: svelte-kit'), files)).kind).toBe('built')
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['build', 'node_modules', 'package.json'])
  })

  test('that a static adapter built fails with what to change', async () => {
    using harness = openBuildHarness()
    const files = { 'package.json': buildScript('mkdir build && touch build/index.html') }
    expect(await harness.build(spacefileOf('engine: svelte-kit'), files)).toMatchObject({
      kind: 'failed',
      fault: 'user',
      message: expect.stringMatching(/did not create `build\/index\.js`\. Use `@sveltejs\/adapter-node`/),
    })
  })

  test('with `run` is copied completely, because `run` is relative to the project', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: svelte-kit\nrun: node out/index.js')
    const result = await harness.build(text, {
      'package.json': buildScript('mkdir out && touch out/index.js'),
    })
    expect(result).toMatchObject({ micros: [{ command: 'node out/index.js' }] })
    expect(filesOf(harness)).toEqual(['out/index.js', 'package.json'])
  })
})

describe('bun', () => {
  test.each([
    ['index.ts', { 'index.ts': '' }, 'bun index.ts'],
    ['the start script', { 'package.json': '{"scripts":{"start":"x"}}' }, 'bun run start'],
  ])('starts by %s', async (_name, files, command) => {
    using harness = openBuildHarness()
    expect(await harness.build(spacefileOf('engine: bun'), files)).toMatchObject({ micros: [{ command }] })
  })
})

describe('custom', () => {
  test('is built by its commands and started by its `run`', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf(
      'engine: custom\ncommands: ["cp main.sh server"]\ninclude: [server]\nrun: ./server',
    )
    expect(await harness.build(text, { 'main.sh': '#!/bin/sh\n' })).toMatchObject({
      micros: [{ command: './server' }],
    })
    expect(filesOf(harness)).toEqual(['server'])
    expect(lstatSync(join(harness.outDir, 'app/server')).mode & 0o777).toBe(0o755)
  })

  test('without `run` is refused', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(spacefileOf('engine: custom'), { a: '' })).toMatchObject({
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
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: python3.9'), { 'main.py': WSGI })
    expect(await firstAnswer(harness, result)).toBe('wsgi /hello')
  })

  test('with `run` finds `python`, even if this machine names it differently', async () => {
    using harness = openBuildHarness()
    const main = `from wsgiref.simple_server import make_server\nimport os\n${WSGI}make_server("127.0.0.1", int(os.environ["PORT"]), app).serve_forever()\n`
    const result = await harness.build(spacefileOf('engine: python3.12\nrun: python server.py'), {
      'server.py': main,
    })
    expect(await firstAnswer(harness, result)).toBe('wsgi /hello')
  })

  // Real package managers in a real sandbox, on machines that also do other work.
  setDefaultTimeout(60_000)

  test('tells uvicorn where to listen', async () => {
    using harness = openBuildHarness()
    const result = await harness.build(spacefileOf('engine: python3.9\nrun: uvicorn main:app'), {
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

  test('without a start command is refused', async () => {
    using harness = openBuildHarness()
    expect(await harness.build(spacefileOf('engine: python3.9'), { 'app.py': '' })).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('has no start command. Add `run`'),
    })
  })

  test('cannot have our module written through a link', async () => {
    using harness = openBuildHarness()
    const target = join(harness.dir, 'victim')
    const text = spacefileOf(
      `engine: python3.9\ncommands: ["rm -r .python_packages", "ln -s ${harness.dir} .python_packages"]`,
    )
    symlinkSync(target, join(harness.dir, 'ownspace_serve.py'))
    expect((await harness.build(text, { 'main.py': '' })).kind).toBe('built')
    expect(existsSync(target)).toBe(false)
    expect(lstatSync(join(harness.outDir, 'app/.python_packages')).isDirectory()).toBe(true)
  })

  test('keeps its packages beside what `include` names', async () => {
    using harness = openBuildHarness()
    await harness.build(spacefileOf('engine: python3.9\ninclude: [main.py]'), {
      'main.py': WSGI,
      'secret.txt': '',
    })
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['.python_packages', 'main.py'])
  })
})

/** Starts the built micro as the runner would, and requests /hello. */
async function firstAnswer(
  harness: BuildHarness,
  result: Awaited<ReturnType<BuildHarness['build']>>,
): Promise<string> {
  const micro = result.kind === 'built' ? result.micros[0] : undefined
  if (micro?.kind !== 'process') throw new Error(JSON.stringify([result, harness.lines]))
  const port = await freePort()
  const child = Bun.spawn(['bash', '-c', `exec 2>&1; ${micro.command}`], {
    cwd: join(harness.outDir, micro.dir),
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
    // The shell and its children are a separate process group.
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
