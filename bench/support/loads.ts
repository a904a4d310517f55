/** What is sent at the proxies. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { echoLoad } from './echo-load.ts'
import type { Proxy } from './proxies.ts'
import { headersFor, pathFor } from './requests.ts'
import { type Outcome, wrk } from './wrk.ts'

export interface Load {
  readonly name: string
  run(proxy: Proxy, seconds: number): Promise<Outcome>
}

export function loads(folder: string): Load[] {
  const post = join(folder, 'post.lua')
  writeFileSync(post, 'wrk.method = "POST"\nwrk.body = string.rep("x", 65536)\n')
  const unlike = join(folder, 'unlike.lua')
  writeFileSync(unlike, UNLIKE)
  return [
    { name: 'GET small', run: (proxy, seconds) => load(proxy, '/100', seconds) },
    { name: 'GET unlike', run: (proxy, seconds) => load(proxy, '/100', seconds, ['-s', unlike]) },
    { name: 'GET 64 kB', run: (proxy, seconds) => load(proxy, '/65536', seconds) },
    { name: 'GET 1 MB', run: (proxy, seconds) => load(proxy, '/1048576', seconds) },
    { name: 'POST 64 kB', run: (proxy, seconds) => load(proxy, '/upload', seconds, ['-s', post]) },
    // Over TLS, a full handshake each: wrk keeps no sessions.
    {
      name: 'New connection',
      run: (proxy, seconds) => load(proxy, '/100', seconds, ['-H', 'Connection: close']),
    },
    { name: 'WebSocket echo', run: echoLoad },
  ]
}

/** Small GETs of which no two of a connection are alike: another path and another header each time. */
const UNLIKE = `
local n = 0
request = function()
  n = n + 1
  wrk.headers["X-Trace"] = tostring(n)
  local path = string.gsub(wrk.path, "(/%d+)$", "/n" .. n .. "%1")
  return wrk.format(nil, path)
end
`

const load = (proxy: Proxy, path: string, seconds: number, more: readonly string[] = []): Promise<Outcome> =>
  wrk(`${proxy.scheme}://127.0.0.1:${proxy.port}${pathFor(proxy, path)}`, {
    seconds,
    headers: headersFor(proxy),
    more,
  })
