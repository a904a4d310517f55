import { expect, test } from 'bun:test'
import { outlineOf } from './outline.ts'

const LIMITS = { elements: 25, values: 1_000 }
const noWait = () => Promise.resolve()

async function cut(text: string, limits = LIMITS) {
  const { rest, elements } = await outlineOf(Buffer.from(text), limits, noWait)
  return [rest.toString(), ...elements.map((element) => Buffer.from(element).toString())]
}

test.each([
  ['{"items":[{"a":[1,2]},"x,]",3]}', ['{"items":[0,1,2]}', '{"a":[1,2]}', '"x,]"', '3']],
  ['{"items":[]}', ['{"items":[]}']],
  ['{"items":[ \n ]}', ['{"items":[]}']],
  [
    '{"a":{"b":[1,2]},"items":[[[1]],2] , "c":[3]}',
    ['{"a":{"b":[1,2]},"items":[0,1] , "c":[2]}', '[[1]]', '2', '3'],
  ],
  ['{"items":["\\"",1]}', ['{"items":[0,1]}', '"\\""', '1']],
  // Not JSON: a part is not, either.
  ['{"items":[1,]}', ['{"items":[0,1]}', '1', '']],
  ['{"items":[,1]}', ['{"items":[0,1]}', '', '1']],
  ['{"items":[1', ['{"items":[1']],
  ['[[1,2],3]', ['[[0,1],3]', '1', '2']],
])('%s is cut into its elements and the rest', async (text, parts) => {
  expect(await cut(text)).toEqual(parts)
})

test('an element with more values than an item can have is refused before it is parsed', async () => {
  const list = (values: number) => `{"items":[[${'1,'.repeat(values - 2)}1],2]}`
  expect((await cut(list(1_000))).length).toBe(3)
  await expect(cut(list(1_002))).rejects.toThrow('An item may have at most 1000 bytes')
  await expect(cut(`{"x":{${'"a":1,'.repeat(600)}"a":1}}`)).rejects.toThrow('at most')
})

test('the values of each element are counted alone, and those of a body that is not cut together', async () => {
  const items = `{"items":[${Array.from({ length: 20 }, () => `[${'1,'.repeat(90)}1]`).join()}]}`
  expect((await cut(items)).length).toBe(21)
  await expect(cut(items, { ...LIMITS, elements: 0 })).rejects.toThrow('at most')
})

test('what is nested deeper than anything that is stored is refused', async () => {
  await expect(cut('['.repeat(3_000), { elements: 0, values: 100_000 })).rejects.toThrow('nested too deep')
})
