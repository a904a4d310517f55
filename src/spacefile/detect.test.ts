import { describe, expect, test } from 'bun:test'
import { detectMicros, parseSpacefile, writeSpacefile, type ProjectListing } from './index.ts'

const project = (files: Record<string, string>, name = 'my-app'): ProjectListing => ({
  name,
  paths: Object.keys(files),
  read: (path) => files[path] ?? null,
})

const packageJson = (dependencies: readonly string[], more: object = {}) =>
  JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])), ...more })

describe('one micro in the folder itself', () => {
  test.each<[string, Record<string, string>, object]>([
    ['requirements.txt', { 'requirements.txt': '' }, { engine: 'python3.9' }],
    ['main.py beside package.json', { 'main.py': '', 'package.json': '{}' }, { engine: 'python3.9' }],
    [
      'Create React App',
      { 'package.json': packageJson(['react', 'react-scripts']) },
      { engine: 'react', serve: null },
    ],
    [
      'React with Vite',
      { 'package.json': packageJson(['react', 'vite']), 'index.html': '' },
      { engine: 'react', serve: 'dist' },
    ],
    ['Vue CLI', { 'package.json': packageJson(['@vue/cli-service']) }, { engine: 'vue' }],
    ['Vue with Vite', { 'package.json': packageJson(['vue', 'vite']), 'index.html': '' }, { engine: 'vue' }],
    [
      'Svelte with Vite',
      { 'package.json': packageJson(['svelte', 'vite', '@sveltejs/vite-plugin-svelte']) },
      { engine: 'svelte' },
    ],
    [
      'SvelteKit with the plugin',
      { 'package.json': packageJson(['@sveltejs/kit', '@sveltejs/vite-plugin-svelte']) },
      { engine: 'svelte-kit' },
    ],
    ['Next', { 'package.json': packageJson(['next', 'react']) }, { engine: 'next' }],
    ['Nuxt', { 'package.json': packageJson(['nuxt3']) }, { engine: 'nuxt' }],
    [
      'plain Vite',
      { 'package.json': packageJson(['vite']), 'index.html': '' },
      { engine: 'static', serve: 'dist', commands: ['npm run build'] },
    ],
    [
      'Express',
      { 'package.json': packageJson(['express']), 'index.js': '' },
      { engine: 'nodejs16', run: null },
    ],
    [
      'a main file',
      { 'package.json': packageJson([], { main: './server.js' }), 'server.js': '' },
      { engine: 'nodejs16', run: 'node ./server.js' },
    ],
    ['a broken package.json', { 'package.json': '{' }, { engine: 'nodejs16' }],
    [
      'Go',
      { 'go.mod': '' },
      { engine: 'custom', commands: ['go build -o server'], include: ['server'], run: './server' },
    ],
    ['a page', { 'index.html': '' }, { engine: 'static', serve: '.' }],
  ])('%s', (_name, files, expected) => {
    const micros = detectMicros(project(files))
    expect(micros).toMatchObject([{ name: 'my-app', src: '.', primary: true, ...expected }])
    expect(parseSpacefile(writeSpacefile(micros)).diagnostics).toEqual([])
  })

  test.each([
    ["I'm a micro", 'I-m-a-micro'],
    ['.hidden', 'hidden'],
    ['---', 'app'],
    ['äpp', 'pp'],
  ])('a folder called %s gives a valid name', (folder, name) => {
    expect(detectMicros(project({ 'index.html': '' }, folder))[0]?.name).toBe(name)
  })
})

describe('micros in folders', () => {
  test('what a browser opens first becomes primary', () => {
    const micros = detectMicros(
      project({
        'api/go.mod': '',
        'web/index.html': '',
        'docs/a/index.html': '',
        '.git/index.html': '',
        'README.md': '',
      }),
    )
    expect(micros).toMatchObject([
      { name: 'api', src: 'api', primary: false },
      { name: 'web', src: 'web', primary: true },
    ])
    expect(parseSpacefile(writeSpacefile(micros)).value?.micros.map(({ mount }) => mount)).toEqual([
      '/api',
      '/',
    ])
  })

  test('without a page the first one is primary', () => {
    expect(detectMicros(project({ 'b/main.py': '', 'a/main.py': '' }))).toMatchObject([
      { name: 'a', primary: true },
      { name: 'b', primary: false },
    ])
  })

  test('nothing known gives no micro, and a Spacefile that says what is missing', () => {
    expect(detectMicros(project({ 'notes.txt': '' }))).toEqual([])
    expect(parseSpacefile(writeSpacefile([])).diagnostics).toMatchObject([
      { message: 'The Spacefile needs `micros`' },
    ])
  })
})

test('a written Spacefile says primary on every micro, as the original does', () => {
  expect(writeSpacefile(detectMicros(project({ 'a/main.py': '', 'b/index.html': '' })))).toBe(
    `# Spacefile Docs: https://go.deta.dev/docs/spacefile/v0
v: 0
micros:
  - name: a
    src: a
    engine: python3.9
    primary: false
  - name: b
    src: b
    engine: static
    primary: true
    serve: .
`,
  )
})
