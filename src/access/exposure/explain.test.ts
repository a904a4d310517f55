import { describe, expect, test } from 'bun:test'
import { explain, type RefusalReason } from '../index.ts'
import { NOTES_MICROS } from '../testing/notes-app.ts'

const explainNotes = (target: string, reason?: RefusalReason) =>
  explain({ micros: NOTES_MICROS, target, reason })

describe('how a request is judged', () => {
  test('a public path names its rule, and how to close it', () => {
    expect(explainNotes('/api/hook?x=1')).toEqual({
      kind: 'judged',
      path: '/api/hook',
      ambiguity: null,
      micro: 'api',
      mount: '/api',
      below: '/hook',
      verdict: { kind: 'public', rule: { pattern: '/hook', from: 'api' } },
      closed: null,
      passes: { anyone: true, apiKey: true, owner: true },
      ways: [
        'to close it, take "/hook" out of public_routes of micro api, or add private_routes to micro api',
      ],
    })
  })

  test('a private path names every way in', () => {
    expect(explainNotes('/admin')).toMatchObject({
      passes: { anyone: false, apiKey: false, owner: true },
      ways: [
        'sign in as the owner',
        'set presets.api_keys of micro web, and present an API key',
        'add "/admin" to public_routes of micro web',
      ],
    })
    expect(explainNotes('/api/notes')).toMatchObject({ passes: { apiKey: true } })
  })

  test('an ambiguous path says why, and offers no rule', () => {
    expect(explainNotes('/public%2fx')).toMatchObject({
      ambiguity: 'it encodes a character that separates parts of a path',
      verdict: { kind: 'private', why: 'ambiguous' },
      ways: expect.arrayContaining([
        'request the path in its plain spelling: an ambiguous path is never public',
      ]),
    })
  })

  test('malformed and reserved paths are said to be that', () => {
    expect(explainNotes('/public/../admin')).toEqual({
      kind: 'malformed',
      why: 'the path has a segment "." or ".."',
    })
    expect(explainNotes('/__space/v0/base')).toEqual({ kind: 'reserved', path: '/__space/v0/base' })
    expect(explain({ micros: [], target: '/' })).toMatchObject({ kind: 'malformed' })
  })

  test.each([
    ['close', '/hook', 'no-rule', 'open "/hook" again, which you have closed'],
    ['private', '/h*', 'private-rule', 'delete the pattern "/h*", which you have made private'],
  ] as const)('what the owner took back is said, and how to give it again: %s', (kind, pattern, why, way) => {
    const overrides = [{ micro: 'api', kind, pattern }]
    expect(explain({ micros: NOTES_MICROS, overrides, target: '/api/hook' })).toMatchObject({
      verdict: { kind: 'private', why },
      closed: { pattern: '/hook', from: 'api' },
      ways: expect.arrayContaining([way]),
    })
  })

  test('what closes a path is named with the micro that says so', () => {
    const [web, api] = NOTES_MICROS
    const micros = [{ ...web!, privateRoutes: ['/api/hook'] }, api!]
    expect(explain({ micros, target: '/api/hook' })).toMatchObject({
      verdict: { kind: 'private', why: 'private-rule' },
      ways: expect.arrayContaining(['take "/hook" out of private_routes of micro web']),
    })
  })
})

test('every reason of a refusal leads somewhere first', () => {
  const reasons: RefusalReason[] = [
    'key-repeated',
    'key-unknown',
    'key-expired',
    'key-not-enabled',
    'key-micro',
    'key-method',
    'key-path',
    'key-origin',
    'session-unknown',
    'session-expired',
    'session-ambiguous',
    'wrong-user',
    'cross-site',
  ]
  const plain = waysTo('/api/notes')
  for (const reason of reasons) {
    const [first, ...rest] = waysTo('/api/notes', reason)
    expect(first).toBeTruthy()
    expect([reason, rest]).toEqual([
      reason,
      plain.filter((way) => !reason.startsWith('key-') || way !== 'present an API key'),
    ])
  }
})

test('with a valid key the remedy is to enable keys on the micro, named once', () => {
  expect(waysTo('/admin', 'key-not-enabled')).toEqual([
    'set presets.api_keys of micro web, so that it accepts keys: the key itself is valid',
    'sign in as the owner',
    'add "/admin" to public_routes of micro web',
  ])
})

function waysTo(target: string, reason?: RefusalReason): readonly string[] {
  const explained = explainNotes(target, reason)
  return explained.kind === 'judged' ? explained.ways : []
}
