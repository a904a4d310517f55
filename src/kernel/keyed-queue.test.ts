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
  const queue = createKeyedQueue({ atOnce: 9, waiting: 9 })
  const log: string[] = []
  const [a, b] = [manualTask(log, 'a'), manualTask(log, 'b')]
  const runs = [queue.run('app', a.task), queue.run('app', b.task)]
  await settle()
  b.end()
  await settle()
  expect(log).toEqual(['a starts'])
  a.end()
  await Promise.all(runs)
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
})

test('a task that fails does not keep the next one from running', async () => {
  const queue = createKeyedQueue({ atOnce: 9, waiting: 9 })
  const failing = queue.run('app', () => Promise.reject(new Error('no')))
  const next = queue.run('app', async () => {})
  await expect(failing).rejects.toThrow('no')
  await next
})

test('keys run side by side, but never more than the limit', async () => {
  const queue = createKeyedQueue({ atOnce: 2, waiting: 9 })
  const log: string[] = []
  const tasks = ['a', 'b', 'c'].map((name) => ({ name, ...manualTask(log, name) }))
  const runs = tasks.map(({ name, task }) => queue.run(name, task))
  await settle()
  expect([log, queue.isSaturated()]).toEqual([['a starts', 'b starts'], true])
  tasks[0]!.end()
  await settle()
  expect(log).toEqual(['a starts', 'b starts', 'a ends', 'c starts'])
  for (const { end } of tasks) end()
  await Promise.all(runs)
  expect(queue.isSaturated()).toBe(false)
})

test('a queue that is full refuses, and takes more when it is shorter', async () => {
  const queue = createKeyedQueue({ atOnce: 1, waiting: 1 })
  const first = manualTask([], 'first')
  const runs = [queue.run('app', first.task), queue.run('app', async () => {})]
  expect([queue.depth('app'), queue.isFull('app')]).toEqual([2, true])
  first.end()
  await Promise.all(runs)
  await queue.idle()
  expect([queue.depth('app'), queue.isFull('app')]).toEqual([0, false])
  expect(queue.isBusy('app')).toBe(false)
})
