import { describe, expect, test } from 'bun:test'
import { faultOfInterval } from './interval.ts'

describe('schedules', () => {
  test.each([
    '1 minute',
    '6 hours',
    '30 days',
    '* * * * *',
    '0/15 * * * *',
    '*/5 * * * *',
    '0-59/15 * * * *',
    '0 00 * * *',
    '0 9-15 * * 1-5',
    '0 9 * * MON-FRI',
    '15,45 8,20 ? * sun',
    '0 0 1 jan-mar ?',
    '0 0 31 12 *',
    '0 0 * * 7',
  ])('%s is valid', (text) => {
    expect(faultOfInterval(text)).toBeNull()
  })

  test.each([
    ['', 'a rate'],
    ['hourly', 'a rate'],
    ['1 hours', 'write `1 hour`'],
    ['2 hour', 'write `2 hours`'],
    ['0 hours', 'not a positive whole number'],
    ['-1 hours', 'not a positive whole number'],
    ['1.5 hours', 'not a positive whole number'],
    ['10 seconds', 'not minutes, hours or days'],
    ['1 week', 'not minutes, hours or days'],
    ['0 0 * * * *', 'without seconds'],
    ['60 * * * *', 'is not a valid minute'],
    ['* 24 * * *', 'is not a valid hour'],
    ['* * 0 * *', 'day of the month'],
    ['* * * 13 *', 'month'],
    ['* * * * 8', 'weekday'],
    ['* * * * 1/2', 'not allowed in the field weekday'],
    ['5-1 * * * *', 'is not a valid minute'],
    ['*/0 * * * *', 'not a valid step'],
    ['1/2/3 * * * *', 'not allowed in the field'],
    ['1-2-3 * * * *', 'is not a valid minute'],
    [', * * * *', 'is not a valid minute'],
    ['? * * * *', 'is not a valid minute'],
    ['0 0 1 * 1', 'must be `*`'],
    ['@daily', 'a rate'],
  ])('%s is not', (text, fault) => {
    expect(faultOfInterval(text)).toContain(fault)
  })
})
