import { describe, expect, test } from 'bun:test'
import { calls, ERRORS } from '../contract/index.ts'
import { type ErrorCode, HttpError, conflict } from '../kernel/http-error.ts'
import { CHECKED, ContractMismatch } from './answer-check.ts'
import { respond } from './respond.ts'

const APP = { id: 'app_1', name: 'Notes', alias: 'notes' }

describe('an answer that is checked', () => {
  test('is sent as its contract declares', async () => {
    const response = respond(calls.createApp, APP, CHECKED)
    expect([response.status, await response.json()]).toEqual([201, APP])
  })

  test.each([
    ['a field that is missing', { id: 'app_1', name: 'Notes' }, 'alias'],
    ['a field of another type', { ...APP, alias: null }, 'alias'],
    ['a field that is not declared', { ...APP, owner_id: 'usr_1' }, 'owner_id'],
    ['no answer', undefined, 'answer'],
  ])('names the call and the place of %s', (_, value, place) => {
    const check = () => CHECKED.answer(calls.createApp, value)
    expect(check).toThrow(ContractMismatch)
    expect(check).toThrow('POST /api/v0/apps answered against its contract')
    expect(check).toThrow(place)
  })

  test('does not see a field that is not sent', () => {
    CHECKED.answer(calls.createApp, { ...APP, hint: undefined })
  })

  test('fails only with codes of its contract', () => {
    expect(() => CHECKED.error(calls.createApp, conflict('taken'))).toThrow('"conflict" (taken)')
    CHECKED.error(calls.deleteApp, conflict('taken'))
    CHECKED.error(calls.createApp, new HttpError(503, 'unavailable', 'later'))
  })
})

test('the contract has each code that the server throws, and no other', () => {
  const thrown = {
    invalid: true,
    unauthorized: true,
    forbidden: true,
    not_found: true,
    conflict: true,
    in_use: true,
    too_large: true,
    no_space: true,
    rate_limited: true,
    internal: true,
    unavailable: true,
  } satisfies Record<ErrorCode, true>
  expect(Object.keys(ERRORS).sort()).toEqual(Object.keys(thrown).sort())
})
