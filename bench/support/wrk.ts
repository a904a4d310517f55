/** What came of all requests of a load. */
export interface Outcome {
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Asks for a page over and over, on 32 connections. Fails where any answer is no success. */
export async function wrk(
  url: string,
  load: { readonly seconds: number; readonly headers: readonly string[]; readonly more?: readonly string[] },
): Promise<Outcome> {
  const headers = load.headers.flatMap((line) => ['-H', line])
  const child = Bun.spawn(
    ['wrk', '-t1', '-c32', `-d${load.seconds}s`, '--latency', ...headers, ...(load.more ?? []), url],
    { stdout: 'pipe', stderr: 'inherit' },
  )
  const report = await new Response(child.stdout).text()
  const requests = Number(/(\d+) requests in/.exec(report)?.[1])
  if (!requests || /Non-2xx|Socket errors/.test(report)) throw new Error(`${url}:\n${report}`)
  return {
    requests,
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(report)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(report)),
  }
}

const milliseconds = (match: RegExpExecArray | null): number =>
  Number(match?.[1]) * { us: 0.001, ms: 1, s: 1000 }[match?.[2] as 'us' | 'ms' | 's']
