/** Comments, messages and pages: plain words, and names of files that exist. */
import { Glob } from 'bun'
import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..')

const filesOf = (pattern: string): string[] =>
  [...new Glob(pattern).scanSync({ cwd: ROOT })].filter((path) => !path.includes('node_modules/')).toSorted()

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\/|\/tests\//.test(path)
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const SOURCES = filesOf('src/**/*.{ts,tsx}')
const PAGES = [...filesOf('*.md'), ...filesOf('docs/*.md'), 'example.env']

/** Lines of a text that match, as `path:line: text`. */
const linesWith = (path: string, pattern: RegExp): string[] =>
  textOf(path)
    .split('\n')
    .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : []))

describe('words', () => {
  /** Pronouns without a noun, and words that hide the subject: name the person or the thing instead. */
  const VAGUE = /\b(whoever|nobody|somebody|anybody|anew|meanwhile|goes on|(is|are) told|so long as)\b/i
  const code = SOURCES.filter((path) => !isTest(path))

  test('code has none of the vague words', () => {
    expect(code.length).toBeGreaterThan(300)
    expect(code.flatMap((path) => linesWith(path, VAGUE))).toEqual([])
  })

  test.each(PAGES)('%s has none of the vague words', (path) => {
    expect(linesWith(path, VAGUE)).toEqual([])
  })
})

describe('names of files', () => {
  const TREE = [
    ...filesOf('{src,tests,scripts,bench,examples,docs,bin}/**/*'),
    ...filesOf('*.{md,json,toml,env}'),
  ]
  /** A name stands for every file whose path ends in it. */
  const exists = (name: string): boolean =>
    TREE.some((path) => path === name || path.endsWith(`/${name.replace(/^(\.\.?\/)+/, '')}`))

  const SOURCE_FILE =
    /(?<![\w./*@<>{}$-])(?!deta\.sh)(?:\.{1,2}\/)?(?:[\w-]+\/)*[\w-]+(?:\.test|\.d)?\.(?:tsx?|mjs|sh|md)\b(?![\w/-])/g

  const missingIn = (text: string): string[] =>
    (text.match(SOURCE_FILE) ?? []).filter((name) => !exists(name))

  const COMMENT = /\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm
  /** Comments without the code; strings that look like comments do no harm. */
  const commentsOf = (code: string): string => (code.match(COMMENT) ?? []).join('\n')

  const CODE = [...SOURCES, ...filesOf('{tests,bench}/**/*.ts')]

  test('comments name files that exist', () => {
    const missing = CODE.flatMap((path) =>
      missingIn(commentsOf(textOf(path))).map((name) => `${path}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  test('identifiers that comments put in backticks exist in the code', () => {
    const IDENTIFIER = /`([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)(?:\(\))?`/g
    const code = CODE.map((path) => textOf(path).replace(COMMENT, '')).join('\n')
    const known = new Set(code.match(/\w+/g))
    const missing = CODE.flatMap((path) =>
      [...commentsOf(textOf(path)).matchAll(IDENTIFIER)]
        .filter(([, name]) => !known.has(name!))
        .map(([, name]) => `${path}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  test.each(PAGES.filter((path) => path !== 'CHANGELOG.md'))('%s names files that exist', (path) => {
    expect(missingIn(textOf(path))).toEqual([])
  })

  test.each(PAGES)('links in %s lead to pages and headings that exist', (path) => {
    const links = [...textOf(path).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)]
    const broken = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? path : join(path, '..', file)
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== '' && !headingsOf(textOf(target)).includes(anchor)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  const headingsOf = (page: string): string[] =>
    [...page.matchAll(/^#+ (.*)$/gm)].map(
      ([, title]) =>
        `#${title!
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-')}`,
    )
})
