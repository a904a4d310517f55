/** A signed request counts once, and not for ever. */
import { describe, expect, test } from 'bun:test'
import { deleteAccessToken } from './access-tokens.ts'
import { createLimits } from './rate-limiters.ts'
import { verifySignedRequest } from './signed-request.ts'
import { openWithToken, PLAIN, sign, verify, type WithToken } from './testing/signing.ts'
import { DAY_MS, MINUTE_MS, NOW, SECOND_MS } from './testing/test-accounts.ts'

describe('a body that its sender holds back', () => {
  /** Verifies a request that begins at NOW, and whose body ends `lateMs` later, after `during`. */
  async function hold(accounts: WithToken, lateMs: number, during: () => Promise<unknown> = async () => {}) {
    const { db, sealer, limits, token } = accounts
    const signed = sign(token.value)
    const clock = { nowMs: NOW }
    const body = (async function* () {
      yield (signed.body as Uint8Array).subarray(0, 1)
      await during()
      clock.nowMs += lateMs
      yield (signed.body as Uint8Array).subarray(1)
    })()
    const verdict = await verifySignedRequest(db, { sealer, limits }, { ...signed, body }, () => clock.nowMs)
    return verdict.kind === 'valid' ? 'valid' : verdict.reason
  }

  test('may take an hour, and not a day', async () => {
    await using accounts = await openWithToken()
    expect(await hold(accounts, DAY_MS)).toBe('stale')
    expect(await hold(accounts, 60 * MINUTE_MS)).toBe('valid')
  })

  test('does not outlast the token', async () => {
    await using accounts = await openWithToken()
    const { db, owner, token } = accounts
    expect(await hold(accounts, SECOND_MS, () => deleteAccessToken(db, owner.id, token.id))).toBe('wrong')
  })

  test('does not accept a request that was completed in between a second time', async () => {
    await using accounts = await openWithToken()
    const sendWhole = () => verify(accounts, sign(accounts.token.value), NOW)
    expect(await hold(accounts, 60 * MINUTE_MS, sendWhole)).toBe('replayed')
  })
})

describe('what was sent once', () => {
  test('is refused again when it changes something, as long as its time is accepted', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    expect(await verify(accounts, request, NOW)).toBe('valid')
    expect(await verify(accounts, request, NOW + 2 * SECOND_MS)).toBe('replayed')
    expect(await verify(accounts, request, NOW + 5 * MINUTE_MS)).toBe('replayed')
    expect(await verify(accounts, request, NOW + 5 * MINUTE_MS + 1)).toBe('stale')
  })

  test('may come eight times while it is younger than two seconds: clients sign whole seconds', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    for (const ageMs of [-1_999, -1_000, 0, 0, 500, 1_000, 1_999, 1_999])
      expect([ageMs, await verify(accounts, request, NOW + ageMs)]).toEqual([ageMs, 'valid'])
    for (const ageMs of [0, 1_999, 2_000, MINUTE_MS])
      expect([ageMs, await verify(accounts, request, NOW + ageMs)]).toEqual([ageMs, 'replayed'])
  })

  test.each([2_000, -2_000, 4 * MINUTE_MS])('may come once when it is %d ms old', async (ageMs) => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, () => verify(accounts, request, NOW + ageMs)),
    )
    expect(verdicts.filter((verdict) => verdict === 'valid')).toHaveLength(1)
  })

  test('passes eight times of many at the same instant', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(accounts, request, NOW)))
    expect(verdicts.filter((verdict) => verdict === 'valid')).toHaveLength(8)
  })

  test('may be asked again when it only reads', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value, { ...PLAIN, method: 'GET' })
    for (let i = 0; i < 3; i++) expect(await verify(accounts, request, NOW)).toBe('valid')
  })

  test('is good for no server that started after it: the one before may have received it', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const restarted = (startedAtMs: number) => ({ ...accounts, limits: createLimits(startedAtMs) })
    expect(await verify(restarted(NOW + SECOND_MS), request, NOW + 2 * SECOND_MS)).toBe('stale')
    expect(await verify(restarted(NOW + SECOND_MS / 2), request, NOW + 2 * SECOND_MS)).toBe('just-started')
    expect(await verify(restarted(NOW - 1), request, NOW + 2 * SECOND_MS)).toBe('valid')
    const reading = sign(accounts.token.value, { ...PLAIN, method: 'GET' })
    expect(await verify(restarted(NOW + SECOND_MS), reading, NOW + 2 * SECOND_MS)).toBe('valid')
  })

  test('is not forgotten because of requests that were refused', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    expect(await verify(accounts, request, NOW)).toBe('valid')
    for (let i = 0; i < 50; i++)
      await verify(
        accounts,
        { ...request, signatureHeader: `v0=${accounts.token.id}:${'0'.repeat(64)}` },
        NOW,
      )
    expect(await verify(accounts, request, NOW + 2 * SECOND_MS)).toBe('replayed')
  })
})
