import { describe, expect, test } from 'bun:test'
import { folderOf, foldersTo, isFolder, shortName } from './names.ts'

describe('names of files', () => {
  test.each([
    ['a/b/c.txt', 'a/b/', 'c.txt'],
    ['c.txt', '', 'c.txt'],
    ['a//c', 'a//', 'c'],
  ])('%s lies in %j as %s', (name, folder, short) => {
    expect([folderOf(name), shortName(name, folder)]).toEqual([folder, short])
  })

  test('a folder ends in a slash', () => {
    expect([isFolder('a/'), isFolder('a')]).toEqual([true, false])
    expect(shortName('a/b/', 'a/')).toBe('b')
  })

  test.each([
    ['', []],
    ['a/', ['a/']],
    ['a/b/', ['a/', 'a/b/']],
  ])('the way to %j', (folder, way) => {
    expect(foldersTo(folder)).toEqual(way)
  })
})
