import { describe, expect, test } from 'bun:test'
import { parseSpacefile } from './index.ts'
import { errorsOf, micro } from './testing/one-micro.ts'

describe('a valid Spacefile', () => {
  test('gets every default', () => {
    const { value, diagnostics } = parseSpacefile(micro(''))
    expect(diagnostics).toEqual([])
    expect(value).toEqual({
      v: 0,
      icon: null,
      appName: null,
      autoPwa: true,
      micros: [
        {
          name: 'app',
          src: '.',
          engine: { name: 'nodejs16', family: 'nodejs' },
          primary: true,
          mount: '/',
          serve: null,
          commands: [],
          include: null,
          run: null,
          dev: null,
          env: [],
          apiKeys: false,
          publicRoutes: [],
          privateRoutes: [],
          drainSeconds: null,
          provideActions: false,
          actions: [],
        },
      ],
    })
  })

  test('keeps everything it says', () => {
    const text = `
v: 0
icon: ./icon.png
app_name: Notes
auto_pwa: false
micros:
  - name: web
    src: ./web/
    engine: static
    serve: ./dist
    primary: true
    public: true
    private_routes: ["/admin*"]
  - name: api
    src: services/api
    engine: python3.11
    path: v1/api/
    commands: ["pip list"]
    include: [main.py, ./lib]
    run: uvicorn main:app
    dev: uvicorn main:app --reload
    provide_actions: true
    public_routes: ["/ping", "/hooks/*"]
    presets:
      api_keys: true
      env:
        - name: GREETING
          description: What to say
          default: "hello"
    actions:
      - id: clean
        name: Clean up
        description: Removes what is old
        trigger: schedule
        default_interval: 0/15 * * * *
        path: /jobs
`
    const { value, diagnostics } = parseSpacefile(text)
    expect(diagnostics).toEqual([])
    expect(value).toMatchObject({ icon: 'icon.png', appName: 'Notes', autoPwa: false })
    expect(value!.micros).toMatchObject([
      {
        src: 'web',
        serve: 'dist',
        primary: true,
        mount: '/',
        publicRoutes: ['/*'],
        privateRoutes: ['/admin*'],
      },
      {
        src: 'services/api',
        mount: '/v1/api',
        primary: false,
        engine: { family: 'python', name: 'python3.11' },
        commands: ['pip list'],
        include: ['main.py', 'lib'],
        run: 'uvicorn main:app',
        dev: 'uvicorn main:app --reload',
        provideActions: true,
        publicRoutes: ['/ping', '/hooks/*'],
        apiKeys: true,
        env: [{ name: 'GREETING', description: 'What to say', default: 'hello' }],
        actions: [{ id: 'clean', interval: '0/15 * * * *', path: '/jobs' }],
      },
    ])
  })

  test.each([
    ['CRLF', micro('run: node a.js').replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${micro('run: node a.js')}`],
    ['comments everywhere', micro('# one\nrun: node a.js # two\n# three')],
    ['a plain scalar over two lines', micro('run: node\n  a.js')],
    ['a folded scalar', micro('run: >\n  node\n  a.js')],
    ['a literal scalar', micro('run: |-\n  node a.js')],
    ['flow style', '{v: 0, micros: [{name: app, src: ., engine: nodejs16, run: node a.js}]}'],
    ['lists in column 0', 'v: 0\nmicros:\n- name: app\n  src: .\n  engine: nodejs16\n  run: node a.js\n'],
    [
      'six blanks of indent',
      'v: 0\nmicros:\n      -     name: app\n            src: .\n            engine: node\n            run: node a.js\n',
    ],
    ['an anchor', 'v: 0\nmicros:\n  - name: app\n    src: &here .\n    engine: nodejs16\n    run: node a.js'],
    ['a document marker', `---\n${micro('run: node a.js')}`],
  ])('may use %s', (_name, text) => {
    const { value, diagnostics } = parseSpacefile(text)
    expect(diagnostics).toEqual([])
    expect(value?.micros[0]?.run).toBe('node a.js')
  })

  test('may say its version as 0.0', () => {
    expect(errorsOf(micro('').replace('v: 0', 'v: 0.0'))).toEqual([])
  })

  test('makes a single micro primary whatever it says', () => {
    expect(parseSpacefile(micro('primary: false')).value?.micros[0]?.primary).toBe(true)
  })

  test('mounts a micro without a path at its name, and ignores an empty path', () => {
    const { value } = parseSpacefile(
      'v: 0\nmicros:\n- {name: w, src: ., engine: node, primary: true}\n- {name: Api_2, src: ., engine: node, path: ""}',
    )
    expect(value?.micros.map(({ mount }) => mount)).toEqual(['/', '/Api_2'])
  })

  test.each([
    ['static', 'static'],
    ['svelte-kit', 'svelte-kit'],
    ['nodejs16', 'nodejs'],
    ['nodejs24', 'nodejs'],
    ['node', 'nodejs'],
    ['python3.9', 'python'],
    ['python3.13', 'python'],
    ['bun', 'bun'],
  ])('may ask for the engine %s', (name, family) => {
    const serve = family === 'static' ? 'serve: .' : ''
    expect(parseSpacefile(micro(serve, name)).value?.micros[0]?.engine).toEqual({ name, family } as never)
  })
})

describe('warnings leave the value', () => {
  test.each([
    ['a path on the primary', micro('path: client'), '`path` is ignored on the primary micro'],
    [
      'a secret as a default',
      micro('presets: {env: [{name: API_KEY, default: a8f3b2c1d4e5f6a7}]}'),
      'looks like a secret',
    ],
    ['a preset twice', micro('presets: {env: [{name: A}, {name: A}]}'), '`A` is listed twice'],
    ['blanks around a route', micro('public_routes: ["/a "]'), 'The spaces around this route are ignored'],
    [
      'a route with the mount in it',
      `${micro('primary: true')}  - {name: api, src: ., engine: node, public_routes: ["/api/public"]}`,
      '`/api/public` opens `/api/api/public`',
    ],
  ])('%s', (_name, text, message) => {
    const { value, diagnostics } = parseSpacefile(text)
    expect(value).not.toBeNull()
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ severity: 'warning' })
    expect(diagnostics[0]!.message).toContain(message)
  })
})
