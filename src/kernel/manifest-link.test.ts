import { expect, test } from 'bun:test'
import { linkManifest } from './manifest-link.ts'

const linked = (html: string): string => linkManifest(Buffer.from(html)).toString()
const WITH = ' crossorigin="use-credentials"'

test.each([
  ['<link rel="manifest" href="/site.webmanifest">', `<link${WITH} rel="manifest" href="/site.webmanifest">`],
  ['<link rel=manifest href=app.json />', `<link${WITH} rel=manifest href=app.json />`],
  ["<LINK HREF='./m.json' REL='Manifest'>", `<LINK${WITH} HREF='./m.json' REL='Manifest'>`],
  ['<link\n rel="icon manifest"\n href="m">', `<link${WITH}\n rel="icon manifest"\n href="m">`],
  ['<link title="a > b" rel="manifest" href="/m">', `<link${WITH} title="a > b" rel="manifest" href="/m">`],
])('%s is linked with credentials', (tag, expected) => {
  const page = (link: string) => `<!doctype html><head><title>ä</title>${link}</head><body>x`
  expect(linked(page(tag))).toBe(page(expected))
})

const LINK = '<link rel="manifest" href="/m">'

test.each([
  ['elsewhere', '<link rel="manifest" href="https://cdn.test/m.json">'],
  ['elsewhere, without a scheme', '<link rel="manifest" href="//cdn.test/m.json">'],
  ['elsewhere, in a spelling that browsers mend', '<link rel="manifest" href="\\\\cdn.test/m">'],
  ['in data', '<link rel="manifest" href="data:application/json,{}">'],
  ['nowhere', '<link rel="manifest">'],
  ['in a character reference', '<link rel="manifest" href="&#47;&#47;cdn.test">'],
  ['that says it itself', '<link rel="manifest" href="/m" crossorigin>'],
  ['that is an icon', '<link rel="icon" href="/manifest">'],
  ['that is none', '<linked rel="manifest" href="/m">'],
  ['in a comment', `<!-- ${LINK} -->`],
  ['in a comment that never ends', `<!-- ${LINK}`],
  ['in a script', `<script>const a = '${LINK}'</script>`],
  ['in a script that never ends', `<script>const a = '${LINK}'`],
  ['in a script whose comment hides its end', `<script><!-- <script> </script>${LINK}`],
  ['in a title', `<title>${LINK}</title>`],
  ['in a template', `<template>${LINK}</template>`],
  ['behind the head', `</head>${LINK}`],
  ['in the body', `<body>${LINK}`],
  ['that is cut off', '<link rel="manifest" href="/m"'],
  ['far from the start', `${' '.repeat(65_536)}${LINK}`],
])('a link %s is left as it is', (_, html) => {
  const octets = Buffer.from(html)
  expect(linkManifest(octets)).toBe(octets)
})

test('a link behind a comment and a script is found, and only the first one changed', () => {
  const before = '<!-- <link rel="manifest" href="/no"> --><script>"<link>"</script>'
  expect(linked(before + LINK + LINK)).toBe(`${before}<link${WITH} rel="manifest" href="/m">${LINK}`)
})

test('octets that are no text pass as they are', () => {
  const octets = Buffer.concat([Buffer.from(LINK), Buffer.from([0, 0xff, 0xfe, 0x80])])
  expect(linkManifest(octets).subarray(-4)).toEqual(Buffer.from([0, 0xff, 0xfe, 0x80]))
})

test.each([
  '<link ',
  '<link a="',
  '<script>',
  '<!--',
  '<link rel=manifest href=',
  `<link ${'a="b" '.repeat(9)}`,
])('many times %j takes no longer than it is long', (piece) => {
  const octets = Buffer.from(piece.repeat(Math.ceil(70_000 / piece.length)))
  expect(linkManifest(octets)).toBe(octets)
})
