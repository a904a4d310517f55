import { expect, test } from 'bun:test'
import { after, ending, recovering } from './soon.ts'

const fail = (): never => {
  throw new Error('failed')
}

test('a value that is there needs no promise', () => {
  const ended: string[] = []
  expect(after(1, (one) => one + 1)).toBe(2)
  expect(recovering(() => 1, fail)).toBe(1)
  expect(recovering(fail, String)).toBe('Error: failed')
  expect(
    ending(
      () => 1,
      () => ended.push('value'),
    ),
  ).toBe(1)
  expect(() => ending(fail, () => ended.push('error'))).toThrow('failed')
  expect(ended).toEqual(['value', 'error'])
})

test('a promise of a value, or of a failure, is treated like the value itself', async () => {
  const ended: string[] = []
  const later = Promise.resolve(1)
  expect(await after(later, (one) => one + 1)).toBe(2)
  expect(await recovering(() => later, fail)).toBe(1)
  expect(await recovering(() => later.then(fail), String)).toBe('Error: failed')
  expect(
    await ending(
      () => later,
      () => ended.push('value'),
    ),
  ).toBe(1)
  await expect(
    ending(
      () => later.then(fail),
      () => ended.push('error'),
    ),
  ).rejects.toThrow('failed')
  expect(ended).toEqual(['value', 'error'])
})
