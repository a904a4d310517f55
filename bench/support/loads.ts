/** What is sent at the proxies. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { echoLoad } from './echo-load.ts'
import type { Proxy } from './proxies.ts'
import { type Outcome, headersFor, pathFor } from './requests.ts'

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
    { name: 'GET small', run: (proxy, seconds) => wrk(proxy, '/100', seconds) },
    { name: 'GET unlike', run: (proxy, seconds) => wrk(proxy, '/100', seconds, ['-s', unlike]) },
    { name: 'GET 64 kB', run: (proxy, seconds) => wrk(proxy, '/65536', seconds) },
    { name: 'GET 1 MB', run: (proxy, seconds) => wrk(proxy, '/1048576', seconds) },
    { name: 'POST 64 kB', run: (proxy, seconds) => wrk(proxy, '/upload', seconds, ['-s', post]) },
    // Over TLS, a full handshake each: wrk keeps no sessions.
    {
      name: 'New connection',
      run: (proxy, seconds) => wrk(proxy, '/100', seconds, ['-H', 'Connection: close']),
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

async function wrk(
  proxy: Proxy,
  path: string,
  seconds: number,
  more: readonly string[] = [],
): Promise<Outcome> {
  const url = `${proxy.scheme}://127.0.0.1:${proxy.port}${pathFor(proxy, path)}`
  const headers = headersFor(proxy).flatMap((line) => ['-H', line])
  const child = Bun.spawn(['wrk', '-t1', '-c32', `-d${seconds}s`, '--latency', ...headers, ...more, url], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const report = await new Response(child.stdout).text()
  const requests = Number(/(\d+) requests in/.exec(report)?.[1])
  if (!requests || /Non-2xx|Socket errors/.test(report)) throw new Error(`${proxy.name}, ${path}:\n${report}`)
  return {
    requests,
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(report)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(report)),
  }
}

const milliseconds = (match: RegExpExecArray | null): number =>
  Number(match?.[1]) * { us: 0.001, ms: 1, s: 1000 }[match?.[2] as 'us' | 'ms' | 's']
