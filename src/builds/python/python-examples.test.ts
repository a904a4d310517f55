import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness } from '../testing/build-harness.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(REGISTRY_MS)

const EXAMPLES = join(import.meta.dir, '../../../examples')

describe.skipIf(Bun.which('python3') === null)('the example', () => {
  test.each([
    ['python-fastapi', 'requirements.txt', 'fastapi', 'uvicorn'],
    ['python-flask', 'Pipfile', 'flask', null],
    ['python-poetry', 'pyproject.toml', 'fastapi', 'uvicorn'],
    ['python-uv', 'uv.lock', 'fastapi', null],
  ])(
    '%s is installed by its %s, with a server where it lists none',
    async (folder, source, framework, server) => {
      using harness = openBuildHarness()
      const dir = join(EXAMPLES, folder)
      const names = readdirSync(dir).filter((name) => name !== 'Spacefile')
      const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
      const result = await harness.build(readFileSync(join(dir, 'Spacefile'), 'utf8'), files)
      expect({ kind: result.kind, lines: harness.lines }).toMatchObject({ kind: 'built' })
      expect(harness.lines.join('\n')).toContain(`Installing dependencies of ${source} with `)
      const packages = join(harness.outDir, 'web/.python_packages')
      expect(existsSync(join(packages, framework))).toBe(true)
      expect(existsSync(join(harness.outDir, 'web/.python_server/uvicorn'))).toBe(server !== null)
      expect(readdirSync(join(harness.outDir, 'web')).filter((name) => name.startsWith('.ownspace'))).toEqual(
        [],
      )
      const run = Bun.spawnSync(['python3', '-c', 'import main; print(main.app)'], {
        cwd: join(harness.outDir, 'web'),
        env: { PATH: '/usr/bin:/bin', PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
      })
      expect({ exitCode: run.exitCode, errors: run.stderr.toString() }).toEqual({ exitCode: 0, errors: '' })
    },
  )
})
