import { expect, test } from 'bun:test'
import { EVERY_PROBLEM } from './testing/every-problem.ts'
import { renderProblem } from './render-problem.ts'
import { ask, json, page } from './testing/ask.ts'

type Name = keyof typeof EVERY_PROBLEM

/** Status, `code`, `errors[0]` and `detail` of each problem: what programs rely on. */
const GOLDEN: Readonly<Record<Name, readonly [status: number, code: string, error: string, detail: string]>> =
  {
    'no such app': [404, 'not_found', 'Not Found', 'There is no app at this address.'],
    'no such page': [404, 'not_found', 'Not Found', 'This app has no page at this address.'],
    'method not allowed': [
      405,
      'method_not_allowed',
      'Method Not Allowed',
      'This page accepts GET and HEAD only.',
    ],
    'bad request': [
      400,
      'invalid',
      'Bad Request',
      'The address contains a character that no address may contain.',
    ],
    'body too large': [413, 'too_large', 'Content Too Large', 'The limit for one upload is 5.5 MB.'],
    'head too large': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'The limit for the address and headers of a request is 64 kB. The usual cause is too many cookies.',
    ],
    'address too long': [414, 'too_large', 'URI Too Long', 'The limit for an address is 16.4 kB.'],
    'too many cookies': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'Your browser has more cookies for this address than a request can carry. Pages of other apps on this server can set cookies for all apps.',
    ],
    'too many headers': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'The limit is 200 headers per request.',
    ],
    'too many connections': [
      503,
      'too_many_connections',
      'Service Unavailable',
      'Your network, or the server as a whole, has reached its limit of open connections.',
    ],
    'request cut short': [
      408,
      'request_timeout',
      'Request Timeout',
      'The server received only a part of the request before the time limit.',
    ],
    'asked for a proxy': [
      405,
      'method_not_allowed',
      'Method Not Allowed',
      'CONNECT is not supported: this server is not a forward proxy.',
    ],
    'unknown version': [
      505,
      'version_not_supported',
      'HTTP Version Not Supported',
      'The server supports HTTP/1.1 and HTTP/1.0.',
    ],
    'https only': [
      403,
      'https_only',
      'HTTPS Only',
      'The request was not encrypted, so it was rejected. Others on the network could read everything in it.',
    ],
    'not signed in': [
      401,
      'unauthorized',
      'Unauthorized',
      'Only its owner, and programs with an API key, can open it.',
    ],
    'wrong key': [
      401,
      'unauthorized',
      'Unauthorized',
      'Only its owner, and programs with an API key, can open it.',
    ],
    'wrong user': [403, 'forbidden', 'Forbidden', 'This app belongs to another account of this server.'],
    'key used too often': [
      429,
      'rate_limited',
      'Too Many Requests',
      'The key has reached its limit of requests per minute.',
    ],
    'code expired': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'The one-time code for this app is valid for one minute, and it has expired.',
    ],
    'other browser': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'The sign-in was started in another browser, or this browser did not keep the sign-in cookie.',
    ],
    'code unknown': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'The one-time code for this app is not valid. It may have been used already.',
    ],
    starting: [
      503,
      'starting',
      'App Starting',
      'The app was asleep. Starting it usually takes a few seconds.',
    ],
    'crashed, visitor': [502, 'app_crashed', 'Bad Gateway', 'The app exited before it could respond.'],
    'crashed, owner': [502, 'app_crashed', 'Bad Gateway', 'It ended with exit code 1.'],
    'never listened, visitor': [
      502,
      'app_never_listened',
      'Bad Gateway',
      'The app started, but did not listen on its port in time.',
    ],
    'never listened, owner': [502, 'app_never_listened', 'Bad Gateway', 'Nothing listened on port 8080.'],
    'refused, visitor': [502, 'app_refused', 'Bad Gateway', 'The server refused to start the app.'],
    'refused, owner': [502, 'app_refused', 'Bad Gateway', 'There is no sandbox on this machine.'],
    'upstream timeout': [
      504,
      'upstream_timeout',
      'Gateway Timeout',
      'The app received the request, but did not respond within 5 minutes.',
    ],
    'upstream unreachable': [
      502,
      'upstream_unreachable',
      'Bad Gateway',
      'The app is running, but connections to it fail.',
    ],
    'upstream broke off': [
      502,
      'upstream_broke',
      'Bad Gateway',
      'The app received the request, but closed the connection before it responded.',
    ],
    'upstream malformed, visitor': [
      502,
      'upstream_malformed',
      'Bad Gateway',
      'The app responded, but its response is not valid HTTP.',
    ],
    'upstream malformed, owner': [
      502,
      'upstream_malformed',
      'Bad Gateway',
      'The app responded, but its response is not valid HTTP. It has both `Content-Length` and `Transfer-Encoding`; only one of them is allowed.',
    ],
    unavailable: [
      503,
      'unavailable',
      'Service Unavailable',
      'A part of the server is not ready yet. This usually takes a few seconds.',
    ],
    internal: [
      500,
      'internal',
      'Internal Server Error',
      'The server failed to handle this request. The app did not cause the error.',
    ],
  }

for (const [name, [status, code, error, detail]] of Object.entries(GOLDEN)) {
  const problem = EVERY_PROBLEM[name as Name]

  test(`${name}: programs read ${status} ${code}`, () => {
    expect(ask(problem, 'json').status).toBe(status)
    expect(json(problem)).toMatchObject({ errors: [error], detail, code, request_id: 'req_1' })
  })

  test(`${name}: people read the same`, () => {
    const answer = ask(problem, 'html')
    expect(answer.status).toBe(status)
    expect(page(problem).replaceAll(/<\/?code>/g, '`')).toContain(detail)
    expect(page(problem)).toContain('<code>req_1</code>')
    expect(answer.header('content-type')).toBe('text/html; charset=utf-8')
  })
}

test('no answer may be kept, sniffed, or say where its reader came from', () => {
  for (const problem of Object.values(EVERY_PROBLEM))
    for (const format of ['html', 'json'] as const) {
      const { header } = ask(problem, format)
      expect(header('cache-control')).toBe('no-store')
      expect(header('x-content-type-options')).toBe('nosniff')
      expect(header('referrer-policy')).toBe('no-referrer')
      expect(header('server')).toBe('Deta-Ownspace')
    }
})

test('a refusal names itself, and a wrong key is not sent to sign in', () => {
  expect(json(EVERY_PROBLEM['wrong key']).refusal).toBe('ref_1')
  expect(ask(EVERY_PROBLEM['wrong key'], 'json').header('www-authenticate')).toBe('Space')
  expect(page(EVERY_PROBLEM['not signed in'])).toContain('href="http://home.test/login"')
  expect(page(EVERY_PROBLEM['wrong key'])).not.toContain('/login')
})

test('a refusal leads its app’s owner to the page that tells why', () => {
  for (const name of ['wrong key', 'wrong user'] as const)
    expect(page(EVERY_PROBLEM[name])).toContain('href="http://home.test/refusals/ref_1"')
})

const WAITING = ['starting', 'unavailable', 'key used too often', 'too many connections']

test('what is a matter of waiting says when to ask again, on the page and to programs', () => {
  for (const [name, problem] of Object.entries(EVERY_PROBLEM)) {
    const waits = WAITING.includes(name)
    expect([name, ask(problem, 'json').header('retry-after') !== null]).toEqual([name, waits])
    expect([name, page(problem).includes('http-equiv="refresh"')]).toEqual([name, waits])
  }
  expect(ask(EVERY_PROBLEM.starting, 'html').header('retry-after')).toBe('2')
  expect(page(EVERY_PROBLEM.starting)).toContain('<meta http-equiv="refresh" content="2">')
})

test('only the owner is shown the end of the log', () => {
  expect(json(EVERY_PROBLEM['crashed, owner']).log).toBe('Error: no such module')
  expect(page(EVERY_PROBLEM['crashed, owner'])).toContain('Error: no such module')
  expect(json(EVERY_PROBLEM['crashed, visitor'])).not.toHaveProperty('log')
  expect(page(EVERY_PROBLEM['crashed, visitor'])).not.toContain('End of the log')
  expect(page(EVERY_PROBLEM['refused, owner'])).not.toContain('End of the log')
})

test('a missing app and a refusal do not say what the app is', () => {
  for (const name of ['no such app', 'not signed in', 'wrong key', 'wrong user'] as const)
    expect(page(EVERY_PROBLEM[name])).not.toContain('Notes')
})

test('without a request id none is made up', () => {
  const { body } = renderProblem({ kind: 'no-such-app' }, { format: 'json', requestId: null })
  const text = body.kind === 'bytes' ? new TextDecoder().decode(body.bytes) : ''
  expect(JSON.parse(text)).toEqual({
    errors: ['Not Found'],
    detail: 'There is no app at this address.',
    code: 'not_found',
  })
})
