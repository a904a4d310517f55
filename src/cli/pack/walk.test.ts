import { expect, test } from 'bun:test'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createTempFolder } from '../testing/temp-folder.ts'
import { listProjectFiles } from './walk.ts'

const nothing = () => false
const paths = (root: string, isIgnored: Parameters<typeof listProjectFiles>[1] = nothing) =>
  listProjectFiles(root, isIgnored).map(({ path }) => path)

test('files are listed by path with slashes, sorted, and empty folders vanish', () => {
  using project = createTempFolder({ 'b.js': '1', 'a/z.js': '22', 'a/b/c.js': '' })
  mkdirSync(join(project.path, 'empty'))
  expect(paths(project.path)).toEqual(['a/b/c.js', 'a/z.js', 'b.js'])
  expect(listProjectFiles(project.path, nothing)[1]).toMatchObject({ path: 'a/z.js', sizeBytes: 2 })
})

test('an ignored folder is not entered, whatever lies in it', () => {
  using project = createTempFolder({ 'app.js': '', 'cache/x': '' })
  symlinkSync('nowhere', join(project.path, 'cache/dangling'))
  expect(paths(project.path, (path, isDirectory) => isDirectory && path === 'cache')).toEqual(['app.js'])
})

test('a link to a file of the project counts as that file', () => {
  using project = createTempFolder({ 'real.txt': 'content' })
  symlinkSync('real.txt', join(project.path, 'link.txt'))
  expect(listProjectFiles(project.path, nothing)).toMatchObject([
    { path: 'link.txt', absolutePath: join(project.path, 'real.txt'), sizeBytes: 7 },
    { path: 'real.txt' },
  ])
})

test('the project may itself be reached through a link', () => {
  using elsewhere = createTempFolder()
  using project = createTempFolder({ 'app.js': '' })
  symlinkSync('app.js', join(project.path, 'main.js'))
  symlinkSync(project.path, join(elsewhere.path, 'project'))
  expect(paths(join(elsewhere.path, 'project'))).toEqual(['app.js', 'main.js'])
})

test.each([
  ['a link to a folder', 'folder', 'link is a link to the folder folder; only links to files'],
  ['a link to the project', '.', 'link is a link to the project itself'],
  ['a dangling link', 'nowhere', 'link is a broken link'],
  ['a link to itself', 'link', 'link is a broken link'],
  ['a link out of the project', '../secret', 'is a link out of the project'],
  ['a link to the parent folder', '..', 'is a link out of the project'],
  ['a link to a folder whose name begins like ours', '../project-2/x', 'is a link out of the project'],
])('%s is refused', (_, target, message) => {
  using folder = createTempFolder({ 'project/folder/a': '', 'project-2/x': '', secret: '' })
  symlinkSync(target, join(folder.path, 'project/link'))
  expect(() => paths(join(folder.path, 'project'))).toThrow(message)
})

test('a name with a backslash is refused, because it would be another path elsewhere', () => {
  using project = createTempFolder({ 'a\\..\\b': '' })
  expect(() => paths(project.path)).toThrow('has a backslash')
})

test('every file that cannot be pushed is named at once', () => {
  using project = createTempFolder({ 'a\\b': '', 'sub/app.js': '' })
  symlinkSync('nowhere', join(project.path, 'sub/broken'))
  symlinkSync('.', join(project.path, 'loop'))
  try {
    paths(project.path)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({
      message: '3 files cannot be pushed.',
      details: expect.arrayContaining([
        'loop is a link to the project itself; only links to files can be pushed',
        'sub/broken is a broken link: its target does not exist',
      ]),
      hints: expect.arrayContaining(['  /loop', '  /sub/broken']),
    })
  }
})

test('a link to a folder is ignored where such a folder is', () => {
  using project = createTempFolder({ 'app.js': '', 'lib/x.js': '' })
  symlinkSync('lib', join(project.path, 'node_modules'))
  symlinkSync('app.js', join(project.path, 'cache'))
  const isIgnored = (path: string, isDirectory: boolean) => isDirectory && /^(node_modules|cache)$/.test(path)
  expect(paths(project.path, isIgnored)).toEqual(['app.js', 'cache', 'lib/x.js'])
})
