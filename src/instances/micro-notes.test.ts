import { expect, test } from 'bun:test'
import { listInstances } from './instances.ts'
import type { LogNote } from '../directory/index.ts'
import { openTestSpace } from '../pushes/testing/test-services.ts'

const note = (instanceId: string): LogNote => ({
  kind: 'wide-cookie',
  instanceId,
  micro: 'web',
  cookie: 'sid',
  domain: '.space.localhost',
})

test('a dropped cookie is one line of the app’s log, however many gateways say so', async () => {
  await using test = await openTestSpace()
  await test.outcome(await test.push('1'))
  const [instance] = await listInstances(test.db, test.owner, {})
  test.tellNote(note(instance!.id))
  test.tellNote(note(instance!.id))
  expect(test.runner.written).toEqual([
    `${instance!.id} web: The cookie "sid" was not set: its Domain, ".space.localhost", is wider than the host of this app, ` +
      'so other apps would receive it. Leave Domain out, or set it to the host of the request.',
  ])
})

test('an instance that is not there gets no log', async () => {
  await using test = await openTestSpace()
  test.tellNote(note('inst_gone'))
  expect(test.runner.written).toEqual([])
})

test('a disk that does not take the line stops nothing', async () => {
  await using test = await openTestSpace()
  await test.outcome(await test.push('1'))
  const [instance] = await listInstances(test.db, test.owner, {})
  test.runner.writeLog = () => {
    throw new Error('ENOSPC')
  }
  expect(() => test.tellNote(note(instance!.id))).not.toThrow()
})
