/** Names, logs and links come from apps and from requests. None of them may become markup, a script or a way out. */
import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { EVERY_PROBLEM } from './testing/every-problem.ts'
import type { Problem } from './problem.ts'
import { ask, json, page } from './testing/ask.ts'

const MARKUP = `</title></style></pre><script>alert(1)</script><img src=x onerror=alert(1)>"'&`

const failed = (message: string, logTail: string, appName = 'Notes'): Problem => ({
  kind: 'app-failed',
  appName,
  reason: 'crashed',
  audience: { kind: 'owner', message, logTail },
})

const INJECTIONS: readonly Problem[] = [
  { kind: 'starting', appName: MARKUP, retryAfterSeconds: 1 },
  { kind: 'upstream-broke', appName: MARKUP },
  failed(MARKUP, MARKUP, MARKUP),
  failed('`' + MARKUP + '`', ''),
  { kind: 'bad-request', detail: MARKUP },
  { kind: 'upstream-malformed', appName: MARKUP, reason: MARKUP },
  {
    kind: 'unauthorized',
    refusal: MARKUP,
    signInUrl: `https://home.test/"><script>alert(1)</script>`,
    whyUrl: `/"onmouseover="alert(1)`,
  },
  { kind: 'wrong-user', refusal: MARKUP, switchUrl: `/"onmouseover="alert(1)`, whyUrl: MARKUP },
  { kind: 'method-not-allowed', allow: [MARKUP] },
]

test('nothing from outside becomes markup', () => {
  for (const problem of INJECTIONS) {
    const html = page(problem)
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>|"on/i)
    expect(html.match(/<\/(title|style|main|html)>/g)).toHaveLength(4)
  }
})

test('the policy allows the one style sheet and nothing else, and the page needs nothing else', () => {
  for (const problem of Object.values(EVERY_PROBLEM)) {
    const { text, header } = ask(problem, 'html')
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    expect(header('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    )
    expect(text).not.toMatch(/ style=|<script|<link|<form|<iframe|url\((?!#g\))|@import|src=/)
  }
})

test('a link leads to a web page or stays on this host', () => {
  for (const url of ['https://home.test/login?a=1', 'http://localhost:7070/', '/path?q', '/', ''])
    expect(hrefOf(url)).toBe(url)
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '//evil.test/',
    '/\\evil.test/',
    '\\\\evil.test',
    'https://evil.test\\@home.test/',
    'https://home.test/ x',
    '/x\nSet-Cookie: a',
    'evil.test',
  ])
    expect([url, hrefOf(url)]).toEqual([url, null])
})

test('a name cannot turn a sentence around, fill a screen or pretend to be none', () => {
  expect(titleOf('a\u202Eb\u2066c\u200Bd\u0000e')).toBe('abcde closed the connection')
  expect(titleOf('two\nlines\tand  more')).toBe('two lines and more closed the connection')
  expect(titleOf('x'.repeat(500))).toBe(`${'x'.repeat(59)}… closed the connection`)
  expect(titleOf('👩‍🚀'.repeat(50))).not.toContain('\uFFFD')
  expect(titleOf(' \u200B ')).toBe('This app closed the connection')
  expect(titleOf('メモ帳')).toBe('メモ帳 closed the connection')
})

test('a log is shown as plain lines: no colours, no control characters, its end when it is long', () => {
  expect(logOf('\x1b[31mred\x1b[0m\x1b]0;title\x07\r\nnext\x00\x08\n\n')).toBe('red\nnext')
  expect(logOf('10%\r20%\rdone')).toBe('10%\n20%\ndone')
  const long = logOf(Array.from({ length: 5000 }, (_, i) => `line ${i}`).join('\n')).split('\n')
  expect([long.length, long.at(-1)]).toEqual([60, 'line 4999'])
  expect(logOf('x'.repeat(1_000_000)).length).toBeLessThan(600)
})

test('text that looks like our code marks stays text', () => {
  expect(page(failed('run `<b>`', ''))).toContain('run <code>&lt;b&gt;</code>')
  expect(page(failed('a ` lone mark', ''))).toContain('a ` lone mark')
})

const hrefOf = (retryUrl: string) =>
  /<a href="([^"]*)"/.exec(page({ kind: 'sign-in-failed', reason: 'expired', retryUrl }))?.[1] ?? null

const titleOf = (appName: string) => /<h1>(.*)<\/h1>/s.exec(page({ kind: 'upstream-broke', appName }))![1]

const logOf = (output: string) => json(failed('', output)).log as string
