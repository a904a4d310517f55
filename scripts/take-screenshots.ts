/** Takes the screenshots of README.md and docs/ on a real server in a temporary folder: `bun scripts/take-screenshots.ts`. */
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser } from '../tests/support/browser.ts'
import { spaceJson } from '../tests/support/command.ts'
import { openCollection } from '../tests/support/seed-data.ts'
import { startTestSpace } from '../tests/support/space.ts'

const IMAGES = join(import.meta.dir, '../docs/images')
await mkdir(IMAGES, { recursive: true })

await using my = await startTestSpace()
const express = await my.copyApp('examples/express')
await Bun.write(
  join(express, 'Spacefile'),
  `${(await Bun.file(join(express, 'Spacefile')).text()).trimEnd()}\n    public_routes:\n      - "/ping"\n    presets:\n      api_keys: true\n`,
)
await my.push(express)
for (const name of ['Photos', 'Journal', 'Recipes']) {
  const folder = await my.copyApp('examples/two-micros')
  const copy = join(my.folder, name)
  await rename(folder, copy)
  await Bun.write(
    join(copy, 'Spacefile'),
    (await Bun.file(join(copy, 'Spacefile')).text()).replace(/app_name: .*/, `app_name: ${name}`),
  )
  await my.push(copy)
}
await my.push(await my.copyApp('examples/two-micros'))

const browser = await launchBrowser()
const page = await browser.newPage({
  viewport: { width: 1200, height: 420 },
  deviceScaleFactor: 2,
  colorScheme: 'light',
})
await page.goto(my.server.home)
await page.getByLabel('Username or e-mail').fill(my.server.owner.username)
await page.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
await page.getByRole('button', { name: 'Sign in' }).click()
await page.getByRole('list', { name: 'Apps' }).getByRole('link').first().waitFor()
await page.screenshot({ path: join(IMAGES, 'home.png') })

await page.setViewportSize({ width: 1200, height: 760 })
await page.getByRole('button', { name: 'More about SpaceAuth' }).click()
await page.getByRole('menuitem', { name: 'Access' }).click()
await page.getByRole('tabpanel').getByText('/ping').first().waitFor()
await page.screenshot({ path: join(IMAGES, 'access.png') })

await spaceJson(['collections', 'create', 'Kitchen'], my.terminal)
const kitchen = await openCollection(my, 'Kitchen')
const DISHES = [
  ['borscht', 'Borscht', 90, false, ['soup', 'winter']],
  ['khachapuri', 'Khachapuri', 60, true, ['bread']],
  ['miso-ramen', 'Miso ramen', 40, false, ['soup']],
  ['tacos', 'Tacos al pastor', 50, false, ['street food']],
  ['tomato-soup', 'Tomato soup', 25, true, ['soup', 'quick']],
] as const
await kitchen.put(
  'recipes',
  DISHES.map(([key, title, minutes, vegetarian, tags]) => ({ key, title, minutes, vegetarian, tags })),
)
await page.setViewportSize({ width: 1200, height: 560 })
await page.goto(`${my.server.home}/collections/${kitchen.collectionId}`)
await page.getByText('khachapuri', { exact: true }).waitFor()
await page.screenshot({ path: join(IMAGES, 'data.png') })
await browser.close()
