import { expect, test } from 'bun:test'
import { isPageLoad, preferredFormat } from './format.ts'

const CHROME = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

const CASES: readonly [
  accept: string | null,
  mode: string | null,
  format: 'html' | 'json',
  isPage: boolean,
][] = [
  [CHROME, 'navigate', 'html', true],
  [CHROME, null, 'html', true],
  ['*/*', 'navigate', 'json', true],
  [CHROME, 'cors', 'html', false],
  ['*/*', 'no-cors', 'json', false],
  ['*/*', null, 'json', false],
  [null, null, 'json', false],
  ['application/json', null, 'json', false],
  ['application/json, text/html;q=0', null, 'json', false],
  ['text/html;q=0.0', null, 'json', false],
  ['TEXT/HTML ; q=0.5', null, 'html', true],
  ['text/htmlx', null, 'json', false],
  ['x-text/html', null, 'json', false],
]

for (const [accept, mode, format, isPage] of CASES)
  test(`Accept ${accept}, mode ${mode}: ${format}, ${isPage ? 'a page' : 'no page'}`, () => {
    const headers = new Map([
      ['accept', accept],
      ['sec-fetch-mode', mode],
    ])
    const request = { header: (name: string) => headers.get(name) ?? null }
    expect(preferredFormat(request)).toBe(format)
    expect(isPageLoad(request)).toBe(isPage)
  })
