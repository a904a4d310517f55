import { expect, test } from 'bun:test'
import { readServerConfig } from '../config/index.ts'
import { childGrace } from './grace.ts'

const graceWith = (...args: string[]) => childGrace(readServerConfig(args, {}).limits)

test('a child has the time that its own work was given', () => {
  expect(graceWith()).toEqual({ stopMs: 15_000, retireMs: 75_000 })
  expect(graceWith('--stop-within', '2m').stopMs).toBe(130_000)
  expect(graceWith('--finish-within', '1m').stopMs).toBe(70_000)
  expect(graceWith('--retire-for', '1h').retireMs).toBe(3_610_000)
  expect(graceWith('--stop-within', '1s', '--retire-for', '1s')).toEqual(graceWith())
})
