/** Requests that no honest client sends. */
import { expect, test } from 'bun:test'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { enc, startTestDrive } from '../testing/test-drive.ts'

const NAMES = [
  '../../../../etc/passwd',
  '/etc/passwd',
  '..',
  '.',
  'a/../b',
  'a//b',
  '//',
  'files.db',
  '%2e%2e%2f',
  'a%2Fb',
  'per%cent',
  'hash#',
  'at@',
  'é',
  '💾',
  'e\u0301',
  'space in it',
  ' leading',
  'trailing ',
  'plus+plus',
  'amp&=?;:',
  'quote"\'\\`$(x)',
  'line\r\nbreak',
  'tab\t\u0001\u007f',
  '\u202egnp.exe',
  '\ufeffbom',
  '__proto__',
  'constructor',
  'CON',
  'a'.repeat(1024),
  'é'.repeat(512),
].filter((name) => !name.endsWith('/'))

test('every name is only a name: it leads to its own content, and to no path', async () => {
  await using at = startTestDrive()
  for (const name of NAMES) {
    const put = await at.put(name, name)
    expect([name, put.status]).toEqual([name, 201])
    expect(await put.json()).toMatchObject({ name })
  }
  for (const name of NAMES)
    expect(Buffer.from(await (await at.get(name)).arrayBuffer())).toEqual(Buffer.from(name))
  const listed = (await at.names()) as { names: string[] }
  expect(listed).toEqual({ names: NAMES.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) })
  const paths = readdirSync(at.dir, { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => statSync(join(at.dir, path)).isFile())
  for (const path of files)
    expect(path).toMatch(/^c[a-z0-9]+\/drive\/(files\.db(-wal|-shm)?|version|blobs\/[a-z0-9]\/[a-z0-9]{20})$/)
  const deleted = await at.fetch('/files', { method: 'DELETE', body: JSON.stringify({ names: NAMES }) })
  expect(await deleted.json()).toEqual({ deleted: NAMES })
  expect(await at.names()).toEqual({ names: [] })
})

test.each([
  ['', 'A file needs a name: send it as ?name=…'],
  ['%20', 'A file needs a name: send it as ?name=…'],
  ['dir%2F', 'The name of a file cannot end in /'],
  ['a%00b', 'The name of a file must be Unicode text without NUL'],
  ['%ff', 'The query is not percent-encoded UTF-8'],
  ['%c0%af', 'The query is not percent-encoded UTF-8'],
  ['%ed%a0%80', 'The query is not percent-encoded UTF-8'],
  ['%', 'The query is not percent-encoded UTF-8'],
  ['a'.repeat(1025), 'The name of a file may have 1024 bytes as UTF-8, and this one has 1025'],
  [enc('é'.repeat(513)), 'The name of a file may have 1024 bytes as UTF-8, and this one has 1026'],
])('the name %p is refused by every call: %s', async (name, message) => {
  await using at = startTestDrive()
  const calls: [string, string][] = [
    ['POST', `/files?name=${name}`],
    ['GET', `/files/download?name=${name}`],
    ['POST', `/uploads?name=${name}`],
    ['POST', `/uploads/abc/parts?name=${name}&part=1`],
    ['PATCH', `/uploads/abc?name=${name}`],
    ['DELETE', `/uploads/abc?name=${name}`],
  ]
  for (const [method, path] of calls) {
    const answer = await at.fetch(path, { method, ...(method === 'POST' ? { body: 'x' } : {}) })
    expect([method, path, answer.status]).toEqual([method, path, 400])
    expect(await answer.json()).toEqual({ errors: [message] })
  }
  expect(await at.names()).toEqual({ names: [] })
})

test('a plus is a space in names, and what is listed by clients that do not encode is found', async () => {
  await using at = startTestDrive()
  await at.fetch('/files?name=a+b', { method: 'POST', body: 'x' })
  await at.put('c++/one', 'x')
  await at.put('c++/two', 'x')
  await at.put('100%', 'x')
  expect(await at.names()).toEqual({ names: ['100%', 'a b', 'c++/one', 'c++/two'] })
  expect(await at.names('prefix=c++/')).toEqual({ names: ['c++/one', 'c++/two'] })
  expect(await at.names('prefix=c++/&last=c++/one')).toEqual({ names: ['c++/two'] })
  expect(await at.names('prefix=a+b')).toEqual({ names: ['a b'] })
  expect(await at.names('prefix=100%')).toEqual({ names: ['100%'] })
})

test('calls that do not exist, and methods that they do not know', async () => {
  await using at = startTestDrive()
  for (const path of [
    '/',
    '/file',
    '/files/',
    '/files/download/',
    '/uploads/..',
    '/uploads/a/b',
    '/uploads/A',
  ])
    expect([path, (await at.fetch(path)).status]).toEqual([path, 404])
  const put = await at.fetch('/files', { method: 'PUT', body: 'x' })
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET, DELETE'])
  expect(await put.json()).toEqual({ errors: ['The call does not know this method'] })
})

test.each(['0', '-1', '1.5', 'x', '', '10001', '99999999999'])('part %p is refused', async (part) => {
  await using at = startTestDrive()
  const begun = (await (await at.fetch('/uploads?name=a', { method: 'POST' })).json()) as {
    upload_id: string
  }
  const path = `/uploads/${begun.upload_id}/parts?name=a&part=${part}`
  expect((await at.fetch(path, { method: 'POST', body: 'x' })).status).toBe(400)
})

test('a key that may only read changes nothing', async () => {
  await using at = startTestDrive()
  await at.put('file', 'content')
  await at.drive.close(at.root.split('/').at(-2)!)
  await using reader = startTestDrive({
    collectionsDir: at.dir,
    collection: at.root.split('/').at(-2)!,
    mayWrite: false,
  })
  const changes: [string, string][] = [
    ['POST', '/files?name=a'],
    ['DELETE', '/files'],
    ['POST', '/uploads?name=a'],
    ['POST', '/uploads/a/parts?name=a&part=1'],
    ['PATCH', '/uploads/a?name=a'],
    ['DELETE', '/uploads/a?name=a'],
  ]
  for (const [method, path] of changes)
    expect([method, (await reader.fetch(path, { method, body: 'x' })).status]).toEqual([method, 403])
  expect(await (await reader.get('file')).text()).toBe('content')
  expect(await reader.names()).toEqual({ names: ['file'] })
})

test('a collection or a drive of another name than ids have opens no folder', async () => {
  await using at = startTestDrive()
  for (const id of ['..', 'A', 'a_b', '%2e%2e', '']) {
    const answer = await fetch(`http://127.0.0.1:${at.port}/v1/${id}/x/files`)
    expect(answer.ok).toBe(false)
  }
  expect(readdirSync(at.dir)).toEqual([])
  const long = await fetch(`http://127.0.0.1:${at.port}/v1/abc/${'d'.repeat(2000)}/files`)
  expect(long.status).toBe(400)
})

test('a type that is too long is refused', async () => {
  await using at = startTestDrive()
  expect((await at.put('a', 'x', { 'content-type': `x/${'y'.repeat(300)}` })).status).toBe(400)
})

test('a list of names to delete with far too many values is refused before it is parsed', async () => {
  await using at = startTestDrive()
  const more = Array.from({ length: 300_000 }, (_, index) => `"k${index}":1`).join()
  const refused = await at.fetch('/files', { method: 'DELETE', body: `{"names":["a"],${more}}` })
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { errors: ['The body may have at most 2000 values'] },
  ])
})
