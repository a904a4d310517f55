import { expect, test } from 'bun:test'
import { dependsOnProject } from './kept-modules.ts'

const LOCK = JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/a': { version: '1.0.0' } } })

test('a lockfile of packages from a registry says everything about them', () => {
  expect(dependsOnProject('{"dependencies":{"a":"1.0.0"},"scripts":{"build":"x"}}', LOCK)).toBe(false)
})

test.each([
  ['a script of the project runs with the install', '{"scripts":{"postinstall":"x"}}', LOCK],
  ['a package is a folder of the project', '{"dependencies":{"b":"file:./b"}}', LOCK],
  ['the lockfile has a link', '{}', 'b@link:./b'],
  ['the project has workspaces', '{"workspaces":["packages/*"]}', LOCK],
  ['a package generates code from the project', '{"devDependencies":{"prisma":"5"}}', LOCK],
])('it does not when %s', (_name, packageJson, lock) => {
  expect(dependsOnProject(packageJson, lock)).toBe(true)
})
