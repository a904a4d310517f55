import { describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { formatDiagnostics, parseSpacefile } from './index.ts'

const DIR = join(import.meta.dir, 'golden')

/**
 * `golden/<case>.spacefile` is a Spacefile, `<case>.txt` its diagnostics. To accept a change, delete the `.txt` and run the
 * test: it writes the new file and fails, so that the change is read before it is committed.
 */
describe('diagnostics', () => {
  const cases = readdirSync(DIR).filter((name) => name.endsWith('.spacefile'))

  test.each(cases)('%s', async (name) => {
    const text = await Bun.file(join(DIR, name)).text()
    const expected = Bun.file(join(DIR, name.replace(/\.spacefile$/, '.txt')))
    const { value, diagnostics } = parseSpacefile(text)
    const micros = value?.micros.map(({ name, mount }) => `${name} at ${mount}`).join(', ')
    const actual = `${formatDiagnostics(text, diagnostics)}${value === null ? 'refused' : `accepted: ${micros}`}\n`
    const isNew = !(await expected.exists())
    if (isNew) await expected.write(actual)
    expect(isNew, 'a new golden file: read it, then run again').toBe(false)
    expect(actual).toBe(await expected.text())
  })
})
