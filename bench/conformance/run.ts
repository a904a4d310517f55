/**
 * The attacks of `cases/` against gateways that are configured for the same policy, with a report.
 *
 *     bun bench/conformance/run.ts                 ours, nginx + auth_request, Caddy + forward_auth (where installed)
 *     bun bench/conformance/run.ts --url http://127.0.0.1:8080 --web 9001 --api 9002 --session S --key K
 *
 * The second form is for any other gateway: configure it as `README.md` says; the upstreams are started on these ports.
 * Ends with 1 if ours, or the gateway at the URL, fails a case.
 */
import { parseArgs } from 'node:util'
import { ATTACKS, CONTROLS } from './cases/index.ts'
import { checkCase, type GatewayUnderTest, type Outcome, type Upstreams } from './check-case.ts'
import type { AttackCase } from './attack-case.ts'
import { CADDY } from './gateways/caddy.ts'
import { NGINX } from './gateways/nginx.ts'
import { OURS } from './gateways/ours.ts'
import { startRecordingUpstream } from './recording-upstream.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    web: { type: 'string', default: '0' },
    api: { type: 'string', default: '0' },
    session: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
  },
})

interface Result {
  readonly name: string
  readonly outcomes: ReadonlyMap<AttackCase, Outcome>
}

await using web = await startRecordingUpstream(Number(values.web))
await using api = await startRecordingUpstream(Number(values.api))
const upstreams: Upstreams = { web, api }
const results =
  values.url === undefined ? await compareKnown() : [await run(values.url, gatewayAt(values.url))]

for (const result of results) printFailures(result)
printSummary()
process.exitCode = failuresOf(results[0]!).length > 0 ? 1 : 0

async function compareKnown(): Promise<Result[]> {
  const found: Result[] = []
  for (const spec of [OURS, NGINX, CADDY]) {
    await using gateway = await spec.start(upstreams)
    if (gateway === null) console.log(`${spec.name} is not installed`)
    else found.push(await run(spec.name, gateway))
  }
  return found
}

async function run(name: string, gateway: GatewayUnderTest): Promise<Result> {
  const outcomes = new Map<AttackCase, Outcome>()
  for (const one of [...CONTROLS, ...ATTACKS]) outcomes.set(one, await checkCase(one, gateway, upstreams))
  return { name, outcomes }
}

function gatewayAt(url: string): GatewayUnderTest {
  const { hostname, port } = new URL(url)
  return { address: { host: hostname, port: Number(port || 80) }, session: values.session, key: values.key }
}

interface Failure {
  readonly one: AttackCase
  readonly severity: AttackCase['severity']
  readonly what: string
}

function failuresOf({ outcomes }: Result): Failure[] {
  return [...outcomes].flatMap(([one, outcome]) => (outcome.kind === 'failed' ? [{ ...outcome, one }] : []))
}

function printFailures(result: Result): void {
  const failures = failuresOf(result)
  console.log(`\n${result.name}: ${result.outcomes.size - failures.length} of ${result.outcomes.size} passed`)
  for (const { one, severity, what } of failures)
    console.log(`  ${severity.padEnd(8)}${one.id}\n          ${one.danger}; ${what}`)
}

/** Failed cases by family, holes before cautions. */
function printSummary(): void {
  const families = [...new Set([...CONTROLS, ...ATTACKS].map(familyOf))]
  console.log(
    `\nfailed: holes / cautions\n\n${''.padEnd(24)}${families.map((family) => family.padStart(12)).join('')}`,
  )
  for (const result of results) {
    const cells = families.map((family) => {
      const failures = failuresOf(result).filter(({ one }) => familyOf(one) === family)
      const holes = failures.filter(({ severity }) => severity === 'hole').length
      return `${holes} / ${failures.length - holes}`.padStart(12)
    })
    console.log(`${result.name.padEnd(24)}${cells.join('')}`)
  }
}

function familyOf({ id }: AttackCase): string {
  return id.split('/')[0] ?? ''
}
