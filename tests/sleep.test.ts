/** Idle apps sleep, and a request to one wakes it without an error. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { until } from '../src/kernel/testing/until.ts'
import { spaceJson } from './support/command.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

let my: TestSpace
let quiet: Pushed
let streaming: Pushed
beforeAll(async () => {
  my = await startTestSpace({ args: ['--idle-after', '400ms'] })
  quiet = await my.push(await my.copyApp('tests/fixtures/works'))
  streaming = await my.push(await my.copyApp('tests/fixtures/streams'))
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

const get = (app: Pushed, path = '/') => my.server.request(new URL(app.url).host, path)

async function statusOf({ instance_id }: Pushed): Promise<string | undefined> {
  const { apps } = await spaceJson<{ apps: { instances: { id: string; status: string }[] }[] }>(
    ['apps'],
    my.terminal,
  )
  return apps.flatMap(({ instances }) => instances).find(({ id }) => id === instance_id)?.status
}

const untilAsleep = (app: Pushed) =>
  until('the app is asleep', async () => (await statusOf(app)) === 'asleep')

test('an app without traffic is asleep, and the next request wakes it', async () => {
  await untilAsleep(quiet)
  expect(await (await get(quiet)).text()).toBe('it works')
  await untilAsleep(quiet)
})

test('requests that arrive while it goes to sleep are all answered', async () => {
  for (let round = 0; round < 5; round++) {
    await untilAsleep(quiet)
    const answers = await Promise.all([1, 2, 3, 4].map(async () => (await get(quiet)).text()))
    expect(answers).toEqual(Array(4).fill('it works'))
  }
})

test('an app with an open stream stays awake until it ends', async () => {
  const stream = (await get(streaming, '/stream')).body!.getReader()
  const next = async () => new TextDecoder().decode((await stream.read()).value)
  expect(await next()).toMatch(/^\d+ \d+\n$/)
  // Long enough for the other to fall asleep, twice.
  for (let round = 0; round < 2; round++) {
    await get(quiet)
    await untilAsleep(quiet)
  }
  expect(await statusOf(streaming)).toBe('running')
  await get(streaming, '/next')
  expect(await next()).toBe('the end\n')
  await untilAsleep(streaming)
})

test('a person sees that an app wakes, a program waits for it', async () => {
  const slow = await my.push(await my.copyApp('tests/fixtures/slow-start'))
  await untilAsleep(slow)
  const headers = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', Accept: 'text/html' }
  const [page, answer] = await Promise.all([
    my.server.request(new URL(slow.url).host, '/', { headers }),
    get(slow),
  ])
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await page.text()).toContain('is starting')
  expect(await answer.text()).toBe('at last')
})
