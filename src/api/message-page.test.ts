import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { messagePage } from './message-page.ts'

const page = (title: string) =>
  messagePage({ status: 403, title, text: 'Text.', link: { href: 'http://home.test/', label: 'Open Home' } })

test('the policy allows the style sheet of the page, and nothing else inline', async () => {
  const answer = page('Title')
  const [, style] = /<style>([^]*)<\/style>/.exec(await answer.text())!
  const digest = createHash('sha256').update(style!).digest('base64')
  const policy = answer.headers.get('content-security-policy')
  expect(policy).toContain(`style-src 'sha256-${digest}';`)
  expect(policy).not.toContain('unsafe-inline')
})

test('texts are escaped', async () => {
  expect(await page('<script>').text()).not.toContain('<script>')
})
