import { expect, test } from 'bun:test'
import { DirectoryPublisher, DirectoryReplica } from './index.ts'
import { temporarySocket } from './testing/entries.ts'
import { NotesOnce } from './notes-once.ts'
import type { LogNote } from './types.ts'

const note = (cookie: string, micro = 'web', instanceId = 'inst_1'): LogNote => ({
  kind: 'wide-cookie',
  instanceId,
  micro,
  cookie,
  domain: 'cloud.test',
})

test('a note passes once, and those of other cookies, micros and instances by themselves', () => {
  const notes = new NotesOnce()
  const given = [note('a'), note('a'), note('b'), note('a', 'api'), note('a', 'web', 'inst_2'), note('b')]
  expect(given.map((one) => notes.admit(one))).toEqual([true, false, true, true, true, false])
})

test('of one micro only a few pass, and the others are not silenced by it', () => {
  const notes = new NotesOnce()
  const passed = Array.from({ length: 100 }, (_, at) => notes.admit(note(`c${at}`))).filter(Boolean)
  expect(passed).toHaveLength(5)
  expect(notes.admit(note('a', 'api'))).toBe(true)
})

test('at most a thousand pass in total', () => {
  const notes = new NotesOnce()
  const passed = Array.from({ length: 3_000 }, (_, at) => notes.admit(note('a', 'web', `inst_${at}`)))
  expect(passed.filter(Boolean)).toHaveLength(1_000)
})

test('a gateway passes a note on to the platform, once', async () => {
  using socket = temporarySocket()
  await using publisher = new DirectoryPublisher()
  const heard: LogNote[] = []
  const { promise: isReported, resolve } = Promise.withResolvers<void>()
  publisher.onNote((one) => heard.push(one))
  publisher.onUse(() => resolve())
  await publisher.listen(socket.path)
  const gateway = new DirectoryReplica()
  gateway.connect(socket.path)
  await gateway.ready
  gateway.noteForLog(note('a'))
  gateway.noteForLog(note('a'))
  // What closing reports comes behind every note.
  gateway.noteUse({ kind: 'key', instanceId: 'inst_1', id: 'key_1' })
  await gateway.close()
  await isReported
  expect(heard).toEqual([note('a')])
})
