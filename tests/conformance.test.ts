/** Every attack of `bench/conformance` against our gateway: asserts what the upstreams received. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ATTACKS, CONTROLS } from '../bench/conformance/cases/index.ts'
import { checkCase, type Upstreams } from '../bench/conformance/check-case.ts'
import { OURS } from '../bench/conformance/gateways/ours.ts'
import type { StartedGateway } from '../bench/conformance/gateways/gateway.ts'
import { startRecordingUpstream } from '../bench/conformance/recording-upstream.ts'

let upstreams: Upstreams
let gateway: StartedGateway | null
beforeAll(async () => {
  upstreams = { web: await startRecordingUpstream(), api: await startRecordingUpstream() }
  gateway = await OURS.start(upstreams)
})
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  for (const upstream of Object.values(upstreams)) await upstream[Symbol.asyncDispose]()
})

test('case names are unique', () => {
  const ids = [...CONTROLS, ...ATTACKS].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test.each([...CONTROLS, ...ATTACKS].map((one) => [one.id, one] as const))('%s', async (_, one) => {
  expect(await checkCase(one, gateway!, upstreams)).toEqual({ kind: 'passed' })
})
