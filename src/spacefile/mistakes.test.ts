import { describe, expect, test } from 'bun:test'
import { parseSpacefile } from './index.ts'
import { errorsOf, micro } from './testing/one-micro.ts'

const hintOf = (text: string) => parseSpacefile(text).diagnostics[0]?.hint

test.each([
  ['30s', 'the text `30s`'],
  ['-1', 'the number -1'],
  ['1.5', 'the number 1.5'],
  ['86401', 'the number 86401'],
])('drain_seconds: %s is no number of seconds', (value, shown) => {
  const [error] = errorsOf(micro(`drain_seconds: ${value}`))
  expect(error).toContain(`must be a whole number from 0 to 86400, not ${shown}`)
})

test('drain_seconds may be 0', () => {
  expect(parseSpacefile(micro('drain_seconds: 0')).value?.micros[0]!.drainSeconds).toBe(0)
})

describe('mistakes are reported with their line', () => {
  test.each([
    ['nothing at all', '', '1:1 The Spacefile is empty'],
    ['a comment only', '# later\n', '1:1 The Spacefile is empty'],
    ['a list', '- v: 0', '1:1 The Spacefile must be a map of fields, not a list'],
    ['a text', 'hello', '1:1 The Spacefile must be a map of fields, not the text `hello`'],
    ['no version', 'micros: [{name: a, src: ., engine: node}]', '1:1 The Spacefile needs `v`'],
    ['no micros', 'v: 0', '1:1 The Spacefile needs `micros`'],
    [
      'version 1',
      micro('').replace('v: 0', 'v: 1'),
      '1:4 The version must be the number 0, not the number 1',
    ],
    [
      'version as text',
      micro('').replace('v: 0', 'v: "0"'),
      '1:4 The version must be the number 0, not the text `0`',
    ],
    ['micros as null', 'v: 0\nmicros:\n', '2:8 `micros` of the Spacefile must be a list, not nothing'],
    ['no micro', 'v: 0\nmicros: []', '2:9 `micros` of the Spacefile is empty'],
    [
      'six micros',
      `v: 0\nmicros:\n${[1, 2, 3, 4, 5, 6].map((n) => `- {name: m${n}, src: ., engine: node, primary: ${n === 1}}`).join('\n')}`,
      '2:1 `micros` of the Spacefile has 6 entries; the limit is 5',
    ],
    [
      'a micro that is a text',
      'v: 0\nmicros: [app]',
      '2:10 Micro 1 must be a map of fields, not the text `app`',
    ],
    ['a micro without name and engine', 'v: 0\nmicros: [{src: .}]', '2:10 Micro 1 needs `name`, `engine`'],
    [
      'a long app_name',
      `app_name: ThirteenChars\n${micro('')}`,
      '1:11 `app_name` has 13 characters; the limit is 12',
    ],
    ['an icon outside', `icon: ../icon.png\n${micro('')}`, '1:7 `icon` leaves its folder through `..`'],
    [
      'auto_pwa as text',
      `auto_pwa: "no"\n${micro('')}`,
      '1:11 `auto_pwa` of the Spacefile must be true or false, not the text `no`',
    ],
    ['an unknown top field', `version: 0\n${micro('')}`, '1:1 Unknown field `version` in the Spacefile'],
    [
      'an unknown micro field',
      micro('public_route: ["/"]'),
      '6:5 Unknown field `public_route` in micro `app`',
    ],
    [
      'an unknown preset',
      micro('presets:\n  api_key: true'),
      '7:7 Unknown field `api_key` in `presets` of micro `app`',
    ],
    ['a field twice', micro('run: a\nrun: b'), '7:5 Micro `app` has `run` twice'],
    ['an unknown engine', micro('', 'ruby3'), '5:13 Unknown engine `ruby3`'],
    ['Python 2', micro('', 'python2.7'), '5:13 Unknown engine `python2.7`'],
    [
      'a name with a blank',
      micro('').replace('name: app', 'name: my app'),
      '3:11 `my app` is not a valid name of a micro',
    ],
    [
      'a name that begins with -',
      micro('').replace('name: app', 'name: -app'),
      '3:11 `-app` is not a valid name of a micro',
    ],
    [
      'a name that is a number',
      micro('').replace('name: app', 'name: 1'),
      '3:11 `name` of micro 1 must be text, not the number 1',
    ],
    [
      'a long name',
      micro('').replace('name: app', `name: ${'a'.repeat(65)}`),
      '3:11 The name of a micro can have at most 64 characters',
    ],
    [
      'an absolute src',
      micro('').replace('src: .', 'src: /etc'),
      '4:10 `src` of micro `app` is absolute; write it relative, without the first `/`',
    ],
    [
      'a src that climbs',
      micro('').replace('src: .', 'src: a/../../b'),
      '4:10 `src` of micro `app` leaves its folder through `..`',
    ],
    [
      'a src with a backslash',
      micro('').replace('src: .', 'src: a\\b'),
      '4:10 `src` of micro `app` contains a backslash; write `/`',
    ],
    [
      'an empty src',
      micro('').replace('src: .', 'src: ""'),
      '4:10 `src` of micro `app` is empty; write `.` for the folder itself',
    ],
    ['static without serve', micro('', 'static'), '3:5 `serve` is missing in micro `app`'],
    ['serve on a server', micro('serve: dist'), '6:5 The engine `nodejs16` does not support `serve`'],
    [
      'include on files',
      micro('serve: .\ninclude: [a]', 'static'),
      '7:5 The engine `static` does not support `include`',
    ],
    [
      'a serve that climbs',
      micro('serve: ..', 'static'),
      '6:12 `serve` of micro `app` leaves its folder through `..`',
    ],
    [
      'an include that climbs',
      micro('include: ["../x"]'),
      '6:5 `../x` in `include` leaves its folder through `..`',
    ],
    ['the same include twice', micro('include: [a, a]'), '6:18 `a` is listed twice'],
    ['an empty include', micro('include: []'), '6:14 `include` of micro `app` is empty'],
    [
      'commands as text',
      micro('commands: npm run build'),
      '6:15 `commands` of micro `app` must be a list, not the text `npm run build`',
    ],
    [
      'a command that is a map',
      micro('commands:\n  - echo: hi'),
      '7:9 Entry 1 of `commands` of micro `app` must be text, not a map',
    ],
    ['a run that is a list', micro('run: [node]'), '6:10 `run` of micro `app` must be text, not a list'],
    [
      'primary as yes',
      micro('primary: yes'),
      '6:14 `primary` of micro `app` must be true or false, not the text `yes`',
    ],
    [
      'api_keys as a list',
      micro('presets: {api_keys: [a]}'),
      '6:25 `api_keys` of `presets` of micro `app` must be true or false, not a list',
    ],
    [
      'presets as null',
      micro('presets:'),
      '6:13 `presets` of micro `app` must be a map of fields, not nothing',
    ],
    ['an empty env', micro('presets: {env: []}'), '6:20 `env` of `presets` of micro `app` is empty'],
    [
      'an env entry without a name',
      micro('presets: {env: [{default: a}]}'),
      '6:21 Entry 1 of `env` needs `name`',
    ],
    [
      'an env name with =',
      micro('presets: {env: [{name: "A=B"}]}'),
      '6:28 `A=B` is not a valid name of an environment variable',
    ],
    [
      'a default that is a number',
      micro('presets: {env: [{name: A, default: 1}]}'),
      '6:40 `default` of entry 1 of `env` must be text, not the number 1',
    ],
    [
      'public and public_routes',
      micro('public: false\npublic_routes: ["/a"]'),
      '6:5 `public` and `public_routes` are both set in micro `app`',
    ],
    [
      'an empty path on a secondary',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, path: /}`,
      '7:43 `/` belongs to the primary micro',
    ],
    [
      'two primaries',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, primary: true}`,
      '7:37 More than one micro is primary',
    ],
    ['no primary', `${micro('')}  - {name: b, src: ., engine: node}`, '2:1 No micro is primary'],
    [
      'one name twice',
      `${micro('primary: true')}  - {name: app, src: ., engine: node, path: b}`,
      '7:12 Another micro has the name `app`',
    ],
    [
      'one path twice',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, path: api}\n  - {name: api, src: ., engine: node}`,
      '8:5 micro `b` is mounted at `/api` too',
    ],
    [
      'a path that climbs',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, path: a/../b}`,
      '7:43 `a/../b` cannot be the path of a micro',
    ],
    [
      'a path with a star',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, path: "a*"}`,
      '7:43 `a*` cannot be the path of a micro',
    ],
    [
      'a path of the platform',
      `${micro('primary: true')}  - {name: b, src: ., engine: node, path: __space/v0}`,
      '7:43 `/__space` belongs to the platform',
    ],
  ])('%s', (_name, text, expected) => {
    expect(errorsOf(text)).toContain(expected)
    expect(parseSpacefile(text).value).toBeNull()
  })

  test('a misspelt field gets the right spelling', () => {
    expect(hintOf(micro('public_route: ["/"]'))).toBe('did you mean `public_routes`?')
    expect(hintOf(micro('comands: [a]'))).toBe('did you mean `commands`?')
    expect(hintOf(micro('api_keys: true'))).toBe('`api_keys` belongs under `presets` of a micro')
    expect(hintOf(micro('runtime: nodejs16'))).toBe('`runtime` is called `engine`')
    expect(hintOf(`micro: []\n${micro('')}`)).toBe('did you mean `micros`?')
    expect(hintOf(micro('', 'pyton3.9'))).toBe('did you mean `python3.9`?')
  })

  test('every mistake of a file is reported at once, in the order of the lines', () => {
    const { diagnostics } = parseSpacefile(micro('primary: maybe\nrun: 1\npublic_routes: /x'))
    expect(diagnostics.map(({ line }) => line)).toEqual([6, 7, 8])
  })

  test('a folder that is not there is an error, also of the primary micro', () => {
    const { value, diagnostics } = parseSpacefile(micro('').replace('src: .', 'src: ./web'), {
      hasFolder: (path) => path !== 'web',
    })
    expect(value).toBeNull()
    expect(diagnostics).toMatchObject([
      { line: 4, message: 'The folder `web` of micro `app` does not exist' },
    ])
  })
})
