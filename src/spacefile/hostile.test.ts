import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { formatDiagnostics, parseSpacefile } from './index.ts'

// Bounded work, on machines that do other things as well.
setDefaultTimeout(60_000)

const first = (text: string) => parseSpacefile(text).diagnostics[0]

describe('hostile YAML', () => {
  test.each([
    ['a tab as indent', 'v: 0\nmicros:\n\t- name: a', 3, 'Tabs cannot indent YAML'],
    [
      'an unquoted star',
      'v: 0\nmicros:\n  - public_routes:\n    - *',
      4,
      'A text cannot begin with this: `*`',
    ],
    ['an unquoted at', 'v: 0\nicon: @x', 2, 'A text cannot begin with this: `@x`'],
    ['a second colon', 'v: 0\nicon: a: b', 2, 'This line has a second `: `'],
    ['an open quote', 'v: 0\nicon: "x\n', 2, 'This quote is never closed'],
    ['an open bracket', 'v: 0\nmicros: [a', 2, 'end with a ]'],
    ['two documents', 'v: 0\n---\nv: 0', 2, 'A Spacefile must be one YAML document'],
    ['a tag', 'v: 0\nicon: !secret x', 2, 'YAML tags'],
    ['an alias of nothing', 'v: 0\nicon: *x', 2, 'There is no anchor `&x` above this'],
    ['an alias of its own parent', 'v: 0\nmicros: &m [*m]', 2, 'There is no anchor `&m` above this'],
    ['a merge key', 'a: &a {v: 0}\n<<: *a', 1, 'Unknown field `a`'],
    ['a key that is a list', 'v: 0\n[a]: b', 2, 'A key must be a plain word'],
  ])('%s', (_name, text, line, message) => {
    expect(first(text)).toMatchObject({ severity: 'error', line })
    expect(first(text)!.message).toContain(message)
  })

  test.each([
    ['100,000 open brackets', '['.repeat(100_000)],
    ['100,000 nested lists', '- '.repeat(100_000)],
    ['nested flow maps', 'a: {'.repeat(20_000)],
    ['a long line of colons', ': '.repeat(100_000)],
    ['60,000 keys', Array.from({ length: 30_000 }, (_, index) => `k${index}:`).join('\n')],
    ['60,000 anchors and aliases', `a: &a 1\n${'b: *a\n'.repeat(40_000)}`],
    [
      'many wrong entries',
      `v: 0\nmicros: [{name: a, src: ., engine: node, commands: [${'1,'.repeat(900)}1]}]`,
    ],
    ['NUL characters', '\0'.repeat(1_000)],
    ['lone surrogates', 'v: "\ud800"\n\udfff: 1'],
    ['a bidi override', 'v: 0\nrun\u202e: x'],
  ])('%s end in a bounded list of diagnostics', (_name, text) => {
    const { value, diagnostics } = parseSpacefile(text)
    expect(value).toBeNull()
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(diagnostics.length).toBeLessThanOrEqual(51)
    expect(formatDiagnostics(text, diagnostics).length).toBeLessThan(30_000)
  })

  test('a bomb of aliases stays as small as its text', () => {
    const levels = Array.from({ length: 12 }, (_, n) =>
      n === 0
        ? 'x0: &x0 [a, a, a, a, a, a, a, a, a, a]'
        : `x${n}: &x${n} [${Array.from({ length: 10 }, () => `*x${n - 1}`).join(', ')}]`,
    )
    const { value, diagnostics } = parseSpacefile(`v: 0\nmicros: *x11\n${levels.join('\n')}`)
    expect(value).toBeNull()
    expect(diagnostics.length).toBeLessThanOrEqual(51)
  })

  test('a shared list is read in each place that names it', () => {
    const { value } = parseSpacefile(
      'v: 0\nmicros:\n- {name: a, src: ., engine: node, primary: true, public_routes: &r ["/x"]}\n- {name: b, src: ., engine: node, public_routes: *r}',
    )
    expect(value?.micros.map(({ publicRoutes }) => publicRoutes)).toEqual([['/x'], ['/x']])
  })

  test('more than 256 kB are not parsed', () => {
    expect(first(`v: 0\n# ${'x'.repeat(256 * 1024)}`)).toMatchObject({
      message: 'The Spacefile is larger than 256 kB',
    })
  })

  test('what is printed cannot move the cursor', () => {
    const text = 'v: 0\n"\u001b[2J\u009b": 1\n'
    const printed = formatDiagnostics(text, parseSpacefile(text).diagnostics)
    expect(printed.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('random damage', () => {
  const VALID = `v: 0
micros:
  - name: web
    src: ./web
    engine: static
    serve: dist
    primary: true
    public_routes: ["/*", '/(?!(admin))*']
  - name: api
    src: api
    engine: python3.9
    presets:
      env: [{name: A, default: "b"}]
      api_keys: true
    actions:
      - {id: a, name: b, trigger: schedule, default_interval: 0/15 * * * *}
`
  const PIECES = [
    '\t',
    '\r',
    '\n',
    ' ',
    ':',
    '- ',
    '*',
    '&a ',
    '*a',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '|',
    '>',
    '#',
    '!',
    '%',
    '\0',
    '\uFEFF',
    '0',
    'null',
    '~',
    '---\n',
  ]

  test('never throws, and has a value exactly when nothing is an error', () => {
    const random = seeded(7)
    for (let round = 0; round < 1_000; round++) {
      let text = VALID
      for (let edit = random(4); edit >= 0; edit--) {
        const at = random(text.length)
        text = text.slice(0, at) + PIECES[random(PIECES.length)]! + text.slice(at + random(6))
      }
      const { value, diagnostics } = parseSpacefile(text)
      const hasErrors = diagnostics.some(({ severity }) => severity === 'error')
      expect(value === null, text).toBe(hasErrors)
      const lines = text.split('\n').length
      for (const { line, column } of diagnostics) {
        expect(line).toBeWithin(1, lines + 1)
        expect(column).toBeGreaterThan(0)
      }
    }
  })
})

/** The same numbers in every run: a failure can be found again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
