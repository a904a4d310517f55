import { expect, test } from 'bun:test'
import { BOUNDS, createLimits } from './rate-limiters.ts'
import { createSetupCode } from './setup-code.ts'
import { DAY_MS, NOW, SECOND_MS } from './testing/test-accounts.ts'

const CLIENT = '192.0.2.1'

test('a random code has the form it is printed in, and differs each time', () => {
  const codes = Array.from({ length: 100 }, () => createSetupCode(createLimits(0)).code)
  for (const code of codes) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
  expect(new Set(codes).size).toBe(100)
})

test.each(['ABCD-2345', 'abcd-2345', 'ABCD2345', ' abcd 2345 '])('%j is the code ABCD-2345', (typed) => {
  createSetupCode(createLimits(0), 'ABCD-2345').check(typed, CLIENT, NOW)
})

test('nothing else is', () => {
  const hostile = ['', '-', 'ABCD-234', 'ABCD-23456', 'ABCD-2346', '\0', 'x'.repeat(1_000_000)]
  for (const typed of hostile) {
    const gate = createSetupCode(createLimits(0), 'ABCD-2345')
    expect(() => gate.check(typed, CLIENT, NOW)).toThrow('set-up code is wrong')
  }
})

test.each(['', '-----', '     ', 'short', 'a-b-c-d-e'])('%j is too short to be chosen', (code) => {
  expect(() => createSetupCode(createLimits(0), code)).toThrow('at least 6')
})

test('wrong codes make an address wait, also with the right one', () => {
  const gate = createSetupCode(createLimits(0), 'ABCD-2345')
  for (let i = 0; i < 5; i++) expect(() => gate.check('wrong', CLIENT, NOW)).toThrow('set-up code is wrong')
  expect(() => gate.check('ABCD-2345', CLIENT, NOW)).toThrow('Too many attempts')
  gate.check('ABCD-2345', CLIENT, NOW + SECOND_MS)
})

test('the right code may be used again and again: the form it came with may have been refused', () => {
  const gate = createSetupCode(createLimits(0), 'ABCD-2345')
  for (let i = 0; i < 20; i++) gate.check('ABCD-2345', CLIENT, NOW)
})

test('a thousand wrong codes from a thousand networks do not close set-up', () => {
  const gate = createSetupCode(createLimits(0))
  for (let i = 0; i < 2 * BOUNDS.wrongSetupCodes; i++)
    expect(() => gate.check('wrong', `192.0.${i >> 8}.${i & 255}`, NOW)).toThrow('set-up code is wrong')
  gate.check(gate.code, CLIENT, NOW)
})

test('a chosen code is replaced by a random one before it is guessed, once', () => {
  const replacements: string[] = []
  const gate = createSetupCode(createLimits(0), 'summer', (code) => replacements.push(code))
  for (let i = 0; i < 3 * BOUNDS.wrongSetupCodes; i++)
    expect(() => gate.check('wrong', CLIENT, NOW + i * DAY_MS)).toThrow('set-up code is wrong')
  expect(replacements).toEqual([expect.stringMatching(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)])
  expect(() => gate.check('summer', '192.0.2.2', NOW)).toThrow('set-up code is wrong')
  gate.check(replacements[0]!, '192.0.2.3', NOW)
})
