import { describe, expect, test } from 'bun:test'
import { createFloodGate, createLogger, LINES_A_MINUTE, type LogLevel } from './log.ts'

function collect(level: LogLevel = 'info') {
  const lines: string[] = []
  return { lines, log: createLogger('gateway', level, (line) => void lines.push(line)) }
}

const AT = /^\d{4}-\d\d-\d\dT[\d:.]+Z /

describe('a request cannot forge a line', () => {
  test.each([
    ['a line end', 'x\n2026-11-21T00:00:00.000Z error gateway forged'],
    ['a carriage return', 'x\rforged'],
    ['an escape of a terminal', 'x\x1b[2J'],
    ['an eight-bit escape', 'x\x9b2J'],
    ['a line separator', 'x\u2028forged'],
    ['another reading direction', 'x\u202eforged'],
    ['a NUL', 'x\0'],
  ])('with %s, in a value or in a stack', (_, text) => {
    const { lines, log } = collect()
    log.error('failed', { path: text }, new Error(text))
    const [first, ...stack] = lines.join('').trimEnd().split('\n')
    expect(first).toMatch(/^\S+ error gateway failed path="/)
    for (const line of stack) expect(line).toStartWith('    ')
    // oxlint-disable-next-line no-control-regex
    expect(lines.join('')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/)
  })

  test('nor fill the log with one value', () => {
    const { lines, log } = collect()
    log.error('failed', { path: '/'.repeat(100_000) }, new Error('x'.repeat(100_000)))
    expect(lines.join('').length).toBeLessThan(6_000)
  })
})

describe('of many lines of one kind', () => {
  test('are limited in number, also through the loggers of modules', () => {
    const { lines, log } = collect()
    for (let i = 0; i < 1_000; i++) log.child('home').warn('odd request', { request: i })
    expect(lines).toHaveLength(LINES_A_MINUTE)
    log.child('home').warn('another', {})
    log.child('home').error('odd request')
    log.child('directory').warn('odd request')
    expect(lines.slice(LINES_A_MINUTE).map((line) => line.replace(AT, ''))).toEqual([
      'warn  gateway.home another\n',
      'error gateway.home odd request\n',
      'warn  gateway.directory odd request\n',
    ])
  })

  test('the debug level writes all of them', () => {
    const { lines, log } = collect('debug')
    for (let i = 0; i < 1_000; i++) log.debug('refused', { request: i })
    expect(lines).toHaveLength(1_000)
  })

  test('the number of omitted lines is written after the minute, and the count restarts', async () => {
    const mayPass = createFloodGate(10)
    const told = Promise.withResolvers<number>()
    const passed = Array.from({ length: LINES_A_MINUTE + 5 }, () => mayPass('warn odd', told.resolve))
    expect(passed.filter(Boolean)).toHaveLength(LINES_A_MINUTE)
    expect(await told.promise).toBe(5)
    expect(mayPass('warn odd', () => {})).toBe(true)
  })
})
