import { describe, expect, test } from 'bun:test'
import { insertRuntime } from './insert-runtime.ts'

const TAG = '<script src="/r.js"></script>'
/** `|` marks the place; without one the page stays as it is. */
const check = (page: string) => {
  const html = Buffer.from(page.replace('|', ''))
  const changed = insertRuntime(html, TAG)
  expect(changed.toString()).toBe(page.replace('|', TAG))
  if (!page.includes('|')) expect(changed).toBe(html)
}

describe('the tag is inserted', () => {
  test.each([
    '<!doctype html><html><head>|<title>ä</title>',
    '\ufeff <!DOCTYPE html>\n<!-- c --><html lang="en">\n<!-- <head> --><head prefix=\'a>b\'>|',
    '<!doctype html><html data-a="a > b" lang=en><head/>|',
    '<!doctype html>|<p>hello',
    '<!doctype html>|<header>',
    '<!doctype html>|',
    '<!doctype html><html>|<body>',
    '<html><head>|<meta>',
    '<head>|<script>',
    '|<div>a fragment',
    '<!---->|<script type="module">',
    '<!doctype html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "a.dtd"><html xmlns="x"><head>|',
    '<!doctype html>|<html a=b"c><head>',
    `<!doctype html>|<html ${'a="b" '.repeat(2_000)}><head>`,
  ])('%j', (page) => check(page))
})

describe('a page stays as it is', () => {
  test.each([
    '',
    ' \n',
    'pong',
    '{"a":1}',
    '<!doc',
    '<!doctype html',
    '<!-- a comment without an end <html><head>',
    '<!-- ended otherwise --!><!doctype html><script>"--><p>"</script>',
    '<?xml version="1.0"?><html><head>',
    '\xfe\xff\x00<\x00h',
  ])('%j', (page) => check(page))
})
