import { describe, expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt, startTestGateway } from '../testing/test-gateway.ts'

const ORIGIN = `http://${HOST}`
const NAVIGATION = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Sec-Fetch-Site: same-origin']
const PLAIN = ['Accept: text/html,*/*;q=0.8', `Origin: ${ORIGIN}`]

/** Where a form with an ended session is sent: status, and where it comes back to after signing in. */
async function submit(fields: readonly string[], line = 'POST /save?draft=1') {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  const head = [`${line} HTTP/1.1`, `Host: ${HOST}`, 'Cookie: space_session=ended', ...fields]
  client.send(`${[...head, 'Content-Length: 11', 'Connection: close'].join('\r\n')}\r\n\r\nname=secret`)
  const answer = await client.untilEnd()
  expect(upstream.heads).toEqual([])
  const location = /^Location: (.*)$/m.exec(answer)?.[1]?.trim()
  expect(answer).not.toContain('name=secret')
  return [answer.slice(9, 12), location === undefined ? null : new URL(location).searchParams.get('to')]
}

describe('a form whose session has ended leads through sign-in', () => {
  test.each([
    ['with Fetch Metadata', NAVIGATION],
    ['on plain http, which has none', PLAIN],
  ])('back to the page that it was on, %s', async (_, fields) => {
    expect(await submit([...fields, `Referer: ${ORIGIN}/notes/7?edit=1`])).toEqual(['303', '/notes/7?edit=1'])
  })

  test.each([
    ['no page is named', []],
    ['the page is of a sibling app', ['Referer: http://evil.cloud.test/x']],
    ['the page is of a host that begins alike', [`Referer: ${ORIGIN}.evil.test/x`]],
    ['the page is of another port', [`Referer: ${ORIGIN}:8080/x`]],
    ['the page has another scheme', [`Referer: https://${HOST}/x`]],
    ['the page has a user name', [`Referer: http://${HOST}@evil.test/x`]],
    ['the page has no path', [`Referer: ${ORIGIN}`]],
    ['two pages are named', [`Referer: http://evil.test/`, `Referer: ${ORIGIN}/x`]],
  ])('to its own address when %s', async (_, fields) => {
    expect(await submit([...NAVIGATION, ...fields])).toEqual(['303', '/save?draft=1'])
  })

  test('and a page that was asked for leads to itself, wherever its link was', async () => {
    const fields = [...NAVIGATION, `Referer: ${ORIGIN}/other`]
    expect(await submit(fields, 'GET /page?a=b')).toEqual(['302', '/page?a=b'])
  })
})

test.each([
  ['a script', ['Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', `Origin: ${ORIGIN}`, 'Accept: text/html']],
  ['a program', ['Accept: text/html']],
  ['a form of another origin on plain http', ['Accept: text/html', 'Origin: http://evil.cloud.test']],
  ['a form of a page that hides its origin', ['Accept: text/html', 'Origin: null']],
])('%s gets an error, and no redirect', async (_, fields) => {
  expect(await submit([...fields, `Referer: ${ORIGIN}/x`])).toEqual(['401', null])
})
