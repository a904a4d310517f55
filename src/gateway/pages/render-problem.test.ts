import { expect, test } from 'bun:test'
import { EVERY_PROBLEM } from './testing/every-problem.ts'
import { renderProblem } from './render-problem.ts'
import { ask, json, page } from './testing/ask.ts'

type Name = keyof typeof EVERY_PROBLEM

/** Status, `code`, `errors[0]` and `detail` of each problem: what programs rely on. */
const GOLDEN: Readonly<Record<Name, readonly [status: number, code: string, error: string, detail: string]>> =
  {
    'no such app': [404, 'not_found', 'Not Found', 'No app answers at this address.'],
    'no such page': [404, 'not_found', 'Not Found', 'The app is here, but it has no page at this address.'],
    'method not allowed': [
      405,
      'method_not_allowed',
      'Method Not Allowed',
      'It answers to GET and HEAD, nothing else.',
    ],
    'bad request': [
      400,
      'invalid',
      'Bad Request',
      'The address contains a character that no address may contain.',
    ],
    'body too large': [
      413,
      'too_large',
      'Content Too Large',
      'An upload may take 5.5 MB here, and this one takes more.',
    ],
    'head too large': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'The address and headers of a request may take 64 kB here. Nearly always cookies are what takes so much.',
    ],
    'address too long': [414, 'too_large', 'URI Too Long', 'An address may take 16.4 kB here.'],
    'too many cookies': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'Your browser has more cookies for this address than fit into a request. A page of another app can set cookies for all apps of this cloud.',
    ],
    'too many headers': [
      431,
      'too_large',
      'Request Header Fields Too Large',
      'A request may have 200 headers here, and this one has more.',
    ],
    'too many connections': [
      503,
      'too_many_connections',
      'Service Unavailable',
      'Your network, or this cloud, has as many connections open as are allowed.',
    ],
    'request cut short': [
      408,
      'request_timeout',
      'Request Timeout',
      'It began and then stopped coming, so nobody waits for the rest any more.',
    ],
    'asked for a proxy': [
      405,
      'method_not_allowed',
      'Method Not Allowed',
      'CONNECT asks for a tunnel to another server, and none is opened here.',
    ],
    'unknown version': [
      505,
      'version_not_supported',
      'HTTP Version Not Supported',
      'The request names another one than HTTP/1.1 and HTTP/1.0.',
    ],
    'https only': [
      403,
      'https_only',
      'HTTPS Only',
      'The request came unencrypted, so it was not passed on. Whoever was on its way could read what it carried.',
    ],
    'not signed in': [
      401,
      'unauthorized',
      'Unauthorized',
      'It opens for its owner, and for programs that bring a key.',
    ],
    'wrong key': [
      401,
      'unauthorized',
      'Unauthorized',
      'It opens for its owner, and for programs that bring a key.',
    ],
    'wrong user': [
      403,
      'forbidden',
      'Forbidden',
      'You are signed in, but with an account that may not open it.',
    ],
    'key used too often': [
      429,
      'rate_limited',
      'Too Many Requests',
      'Its owner allows it so many requests a minute, and no more.',
    ],
    'code expired': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'The step back to the app took longer than a minute, so its one-time code no longer counts.',
    ],
    'other browser': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'It was begun in another browser, or this browser did not keep the cookie it was given.',
    ],
    'code unknown': [
      400,
      'sign_in_failed',
      'Sign-in Failed',
      'The one-time code that leads back to the app was not accepted. Perhaps it was used already.',
    ],
    starting: [
      503,
      'starting',
      'App Starting',
      'It was asleep and is starting now. That usually takes a few seconds.',
    ],
    'crashed, visitor': [
      502,
      'app_crashed',
      'Bad Gateway',
      'The app ended by itself before it could answer.',
    ],
    'crashed, owner': [502, 'app_crashed', 'Bad Gateway', 'It ended with exit code 1.'],
    'never listened, visitor': [
      502,
      'app_never_listened',
      'Bad Gateway',
      'The app runs, but did not open its port in time.',
    ],
    'never listened, owner': [502, 'app_never_listened', 'Bad Gateway', 'Nothing listened on port 8080.'],
    'refused, visitor': [502, 'app_refused', 'Bad Gateway', 'This cloud refused to start the app.'],
    'refused, owner': [502, 'app_refused', 'Bad Gateway', 'There is no sandbox on this machine.'],
    'upstream timeout': [
      504,
      'upstream_timeout',
      'Gateway Timeout',
      'The request reached the app, but no answer came within 5 minutes.',
    ],
    'upstream unreachable': [
      502,
      'upstream_unreachable',
      'Bad Gateway',
      'The app is there, but it does not let anybody in at the moment.',
    ],
    'upstream broke off': [
      502,
      'upstream_broke',
      'Bad Gateway',
      'The request reached the app, but it hung up before it had answered.',
    ],
    'upstream malformed, visitor': [
      502,
      'upstream_malformed',
      'Bad Gateway',
      'The app answered, but not in a way that can be passed on.',
    ],
    'upstream malformed, owner': [
      502,
      'upstream_malformed',
      'Bad Gateway',
      'The app answered, but not in a way that can be passed on. `Content-Length` and `Transfer-Encoding` are both there, and only one of them can be meant.',
    ],
    unavailable: [
      503,
      'unavailable',
      'Service Unavailable',
      'A part of this cloud is just starting. Nothing is lost.',
    ],
    internal: [
      500,
      'internal',
      'Internal Server Error',
      'Something in this cloud went wrong with your request. The app itself was not at fault.',
    ],
  }

for (const [name, [status, code, error, detail]] of Object.entries(GOLDEN)) {
  const problem = EVERY_PROBLEM[name as Name]

  test(`${name}: programs are told ${status} ${code}`, () => {
    expect(ask(problem, 'json').status).toBe(status)
    expect(json(problem)).toMatchObject({ errors: [error], detail, code, request_id: 'req_1' })
  })

  test(`${name}: people are told the same`, () => {
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
    detail: 'No app answers at this address.',
    code: 'not_found',
  })
})
