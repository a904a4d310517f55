import { describe, expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { always, atHead } from '../testing/raw-upstream.ts'

describe('a request body beyond the bound', () => {
  const limits = { requestBodyBytes: 10 }

  test('is refused before the app hears of it, where its length says so', async () => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Content-Length: 11')}hello hello`)
    const answer = await app.client.untilEnd()
    expect(answer).toStartWith('HTTP/1.1 413 ')
    expect(answer).toContain('10 bytes')
    expect(app.upstream.received).toEqual([])
  })

  test.each([
    '6\r\nhello \r\n6\r\nhello!\r\n0\r\n\r\n',
    'b\r\nhello hello\r\n0\r\n\r\nGET /next HTTP/1.1\r\n\r\n',
  ])('in chunks is refused where it shows, and the app is cut off: %j', async (chunks) => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Transfer-Encoding: chunked')}${chunks}`)
    expect(await app.client.untilEnd()).toStartWith('HTTP/1.1 413 ')
    await app.upstream.until(({ openConnections }) => openConnections === 0)
    expect(app.upstream.received.join('')).not.toContain('0\r\n\r\n')
    expect(app.upstream.received.join('')).not.toContain('/next')
  })

  test('that is not one passes', async () => {
    await using app = await startOpenApp(undefined, { limits })
    app.client.send(`${requestHead('POST /', 'Content-Length: 10')}hello hell`)
    await app.client.untilReceived('ok')
  })

  test('ends an answer that has begun, so that it cannot be taken for a whole one', async () => {
    await using app = await startOpenApp(
      atHead(always('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far')),
      { limits },
    )
    app.client.send(`${requestHead('POST /', 'Transfer-Encoding: chunked')}5\r\nhello\r\n`)
    await app.client.untilReceived('so far')
    app.client.send('6\r\nhello!\r\n')
    expect(await app.client.untilEnd()).toEndWith('so far')
  })
})
