import { expect, test } from 'bun:test'
import { parseAccessToken, queryString, signRequest } from './sign.ts'

const TOKEN = 'xkcfKpsU_zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d'

// The vectors of COMPAT 3.4; the first one is the official command's own.
test.each([
  ['GET', '/api/v0/space', null, '120071dd2ce1ca9cc08f76efe4e3b01179ef76ab20e6ad4655b79abdf995146b'],
  [
    'POST',
    '/api/v0/apps',
    '{"name":"demo","alias":""}',
    'f36daf59f64ab2af4f86ab0f7ea06d40748e729d0e40104c17369f31371a48bd',
  ],
  [
    'GET',
    '/api/v0/apps/abc/revisions?per_page=5',
    '{"id":"abc"}',
    'ae1b94267a1f9e9b780f0cb04e5a47fe8d0c8f5d9126da79228a2a6b8ecff965',
  ],
])('%s %s is signed as the official command signs it', async (method, uri, json, hex) => {
  const body = json === null ? null : { contentType: 'application/json', data: new Blob([json]) }
  const signature = await signRequest(parseAccessToken(TOKEN)!, {
    method,
    uri,
    timestampSeconds: 1_681_294_911,
    body,
  })
  expect(signature).toBe(`v0=xkcfKpsU:${hex}`)
})

test.each([
  ['abc_def', { keyId: 'abc', secret: 'def' }],
  ['  abc_def\n', { keyId: 'abc', secret: 'def' }],
  ['abcdef', null],
  ['abc_def_ghi', null],
  ['_def', null],
  ['abc_', null],
  ['', null],
])('%j as an access token', (text, expected) => {
  expect(parseAccessToken(text)).toEqual(expected)
})

test('query keys go out sorted and encoded, and missing ones not at all', () => {
  expect(queryString({ release_id: 'a b&c', per_page: 1, micro: undefined })).toBe(
    '?per_page=1&release_id=a+b%26c',
  )
  expect(queryString({})).toBe('')
})
