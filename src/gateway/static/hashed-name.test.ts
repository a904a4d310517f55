import { expect, test } from 'bun:test'
import { isHashedName } from './hashed-name.ts'

const HASHED = [
  'app.3f2a9c1b.js',
  'static/js/main.3f2a9c1b.chunk.js',
  'static/js/787.28cb0dcd.chunk.js.map',
  'css/app-d41d8cd98f00b204e9800998ecf8427e.css',
  'assets/index-BxY7c2dQ.js',
  'assets/inter-latin-400-normal-C38fXH4l.woff2',
  '_app/immutable/entry/start.js',
  'base/_app/immutable/chunks/x.js',
  '_nuxt/entry.js',
  '_next/static/chunks/main.js',
  '_astro/hoisted.js',
]

const NOT_HASHED = [
  'index.html',
  'app.3f2a9c1b.html',
  'app.js',
  'jquery-3.7.1.min.js',
  'report-20241231.pdf',
  'report.20241231.js',
  'feedface/app.js',
  'my-document.js',
  'book-Chapter1.png',
  'docs-Version2.js',
  'use-MyWidget.js',
  'x-deadbeef.js',
  'my_app/immutable/x.js',
  '_nuxt/builds/latest.json',
  '_nuxt/builds/meta/3f2a9c1b.json',
  '_app/version.json',
]

test('a name made from the content is known by its hash or its framework’s folder', () => {
  for (const name of HASHED) expect([name, isHashedName(name)]).toEqual([name, true])
})

test('a doubtful name is not taken for hashed', () => {
  for (const name of NOT_HASHED) expect([name, isHashedName(name)]).toEqual([name, false])
})
