import { expect, test } from 'bun:test'
import { createKeyedQueue } from './keyed-queue.ts'

/** A task that runs until it is told to end. */
function manualTask(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return {
    task: async () => {
      log.push(`${name} starts`)
      await promise
      log.push(`${name} ends`)
    },
    end: resolve,
    fail: reject,
  }
}
const settle = () => new Promise(setImmediate)

test('tasks of one key run one after the other, in order', async () => {
  const lanes = createKeyedQueue({ atOnce: 9, waiting: 9 })
  const log: string[] = []
  const [a, b] = [manualTask(log, 'a'), manualTask(log, 'b')]
  const runs = [lanes.run('app', a.task), lanes.run('app', b.task)]
  await settle()
  b.end()
  await settle()
  expect(log).toEqual(['a starts'])
  a.end()
  await Promise.all(runs)
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
})

test('a task that fails does not keep the next one from running', async () => {
  const lanes = createKeyedQueue({ atOnce: 9, waiting: 9 })
  const failing = lanes.run('app', () => Promise.reject(new Error('no')))
  const next = lanes.run('app', async () => {})
  await expect(failing).rejects.toThrow('no')
  await next
})

test('keys run side by side, but never more than the limit', async () => {
  const lanes = createKeyedQueue({ atOnce: 2, waiting: 9 })
  const log: string[] = []
  const tasks = ['a', 'b', 'c'].map((name) => ({ name, ...manualTask(log, name) }))
  const runs = tasks.map(({ name, task }) => lanes.run(name, task))
  await settle()
  expect(log).toEqual(['a starts', 'b starts'])
  tasks[0]!.end()
  await settle()
  expect(log).toEqual(['a starts', 'b starts', 'a ends', 'c starts'])
  for (const { end } of tasks) end()
  await Promise.all(runs)
})

test('a queue that is full refuses, and takes more when it is shorter', async () => {
  const lanes = createKeyedQueue({ atOnce: 1, waiting: 1 })
  const first = manualTask([], 'first')
  const runs = [lanes.run('app', first.task), lanes.run('app', async () => {})]
  expect(() => lanes.assertCapacity('app')).toThrow('2 pushes of this app are in progress')
  first.end()
  await Promise.all(runs)
  await lanes.idle()
  lanes.assertCapacity('app')
  expect(lanes.isBusy('app')).toBe(false)
})
