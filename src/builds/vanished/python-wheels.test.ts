import { expect, test } from 'bun:test'
import { unzipSync } from 'fflate'
import { buildWheels } from './python-wheels.ts'

test('a wheel has the same bytes every time, and its record names every file', async () => {
  const [first] = await buildWheels('deta', ['1.1.0'])
  const [second] = await buildWheels('deta', ['1.1.0'])
  expect(first!.bytes).toEqual(second!.bytes)
  const files = unzipSync(first!.bytes)
  const record = Buffer.from(files['deta-1.1.0.dist-info/RECORD']!).toString()
  for (const name of Object.keys(files)) expect(record).toContain(`${name},`)
  expect(Buffer.from(files['deta/_version.py']!).toString()).toBe('__version__ = "1.1.0"\n')
})
