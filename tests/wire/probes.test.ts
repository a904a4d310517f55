import { describe, expect, test } from 'bun:test'
import { startOpenApp, type OpenApp } from '../../src/gateway/testing/open-app.ts'
import { always, atHead, OK } from '../../src/gateway/testing/raw-upstream.ts'
import { PAUSED, PROBES } from './probes.ts'

/** Sends a probe, half-closes, and waits until the gateway has sent its whole answer. */
async function answersTo(app: OpenApp, text: string): Promise<string[]> {
  app.client.send(text)
  app.client.socket.end()
  const received = await app.client.untilEnd()
  return received.match(/^HTTP\/1\.1 \d+/gm) ?? []
}

/** Every parser must read the same requests from what the app received. */
function expectOneReading(head: string): void {
  const lines = head.split('\r\n')
  expect(lines.splice(-2)).toEqual(['', ''])
  expect(lines[0]).toMatch(/^[A-Z]+ \/[\x21-\x7e]* HTTP\/1\.1$/)
  expect(
    lines.slice(1).filter((line) => !/^[!#$%&'*+\-.^_`|~\w]+:[\t\x20-\x7e\x80-\xff]*$/.test(line)),
  ).toEqual([])
  const named = (pattern: RegExp) => lines.filter((line) => pattern.test(line))
  expect(named(/^host:/i)).toHaveLength(1)
  const framing = named(/^(?:content|transfer)[^a-z0-9]?(?:length|encoding)\b[^:]*:/i)
  expect(framing.filter((line) => !/^content-encoding:/i.test(line)).length).toBeLessThanOrEqual(1)
  // Ours, where the app might take the body for its next request.
  const hops = named(/^http2-settings:|^upgrade:.*h2c|^connection:/i)
  expect(hops.filter((line) => line !== 'Connection: close')).toEqual([])
  expect(hops.length).toBeLessThanOrEqual(1)
}

test('there are more than 300 probes, with unique names', () => {
  const names = PROBES.map(({ name }) => name)
  expect(names.length).toBeGreaterThan(300)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

describe('a probe with two readings never reaches the app', () => {
  test.each(PROBES.filter(({ forwards }) => forwards === 0).map(({ name, text }) => [name, text]))(
    '%s',
    async (_name, text) => {
      await using app = await startOpenApp()
      const answers = await answersTo(app, text)
      expect(answers.filter((line) => !/ (?:4\d\d|505)$/.test(line))).toEqual([])
      expect(answers.length).toBeLessThanOrEqual(1)
      expect(app.upstream.heads).toEqual([])
    },
  )
})

describe('a probe with one reading is one request to the app', () => {
  test.each(PROBES.filter(({ forwards }) => forwards === 1).map(({ name, text }) => [name, text]))(
    '%s',
    async (_name, text) => {
      await using app = await startOpenApp()
      expect(await answersTo(app, text)).toEqual(['HTTP/1.1 200'])
      expect(app.upstream.heads).toHaveLength(1)
      expect(app.upstream.received).toHaveLength(1)
      expectOneReading(app.upstream.heads[0]!)
    },
  )
})

describe('bytes after an early answer are a request only after the end of the first request', () => {
  test.each(PAUSED.map(({ name, halves, requests = 1 }) => [name, halves, requests] as const))(
    '%s',
    async (_name, [first, second], requests) => {
      await using app = await startOpenApp(atHead(always(OK)))
      app.client.send(first)
      await app.client.untilReceived('ok')
      app.client.send(second)
      app.client.socket.end()
      const answers = (await app.client.untilEnd()).match(/HTTP\/1\.1 /g)
      expect(answers).toHaveLength(requests)
      expect(app.upstream.heads).toHaveLength(requests)
    },
  )
})
