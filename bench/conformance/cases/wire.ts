import type { AttackCase } from '../attack-case.ts'

type Row = [what: string, danger: string, hole: string, send: readonly string[]]

const SMUGGLED = 'a second request is smuggled past the gateway'
const HIDDEN = ['GET /admin HTTP/1.1', 'Host: {host}', '', '']
const post = (...lines: string[]) => ['POST /public/x HTTP/1.1', 'Host: {host}', ...lines]

/** Messages that end in one place for the gateway and in another for the app: what is left over is a second request. */
const ROWS: readonly Row[] = [
  [
    'Content-Length and Transfer-Encoding',
    SMUGGLED,
    '/admin',
    [...post('Content-Length: 4', 'Transfer-Encoding: chunked'), '', '0', '', ...HIDDEN],
  ],
  ['two lengths', SMUGGLED, '/admin', [...post('Content-Length: 0', 'Content-Length: 44'), '', ...HIDDEN]],
  ['an unknown coding', SMUGGLED, '/admin', [...post('Transfer-Encoding: xchunked'), '', '0', '', ...HIDDEN]],
  [
    'a blank before the colon',
    SMUGGLED,
    '/admin',
    [...post('Transfer-Encoding : chunked'), '', '0', '', ...HIDDEN],
  ],
  [
    'a folded line',
    SMUGGLED,
    '/admin',
    [...post('X-A: b', ' Transfer-Encoding: chunked'), '', '0', '', ...HIDDEN],
  ],
  ['a length that is none', SMUGGLED, '/admin', [...post('Content-Length: +5'), '', 'abcde']],
  [
    'a bare line feed',
    'two readings of one head',
    '/admin',
    ['GET /public/x HTTP/1.1\nHost: {host}\nX-A: b', '', ''],
  ],
  [
    'two hosts',
    'gateway and app serve different hosts',
    'evil.example',
    ['GET /public/x HTTP/1.1', 'Host: {host}', 'Host: evil.example', '', ''],
  ],
  ['no host', 'an app is guessed', '/admin', ['GET /public/x HTTP/1.1', '', '']],
  [
    'another host in the target',
    'gateway and app serve different hosts',
    'evil.example',
    ['GET http://evil.example/public/x HTTP/1.1', 'Host: {host}', '', ''],
  ],
  [
    'CONNECT',
    'the gateway becomes a proxy for anything',
    'CONNECT',
    ['CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: {host}', '', ''],
  ],
  [
    'a control character in a name',
    'two readings of one head',
    'X-\x01',
    ['GET /public/x HTTP/1.1', 'Host: {host}', 'X-\x01: b', '', ''],
  ],
]

export const WIRE_CASES: readonly AttackCase[] = ROWS.map(([what, danger, hole, lines]) => ({
  id: `wire/${what}`,
  danger,
  severity: 'hole',
  seen: null,
  send: lines.join('\r\n'),
  want: { kind: 'refused', hole },
}))
