import { expect, test } from 'bun:test'
import { printable } from './printable.ts'

test.each([
  ['plain text, ümlauts and 日本', 'plain text, ümlauts and 日本'],
  ['\x1b[31mred\x1b[0m', 'red'],
  ['clear\x1b[2J\x1b[Hhome', 'clearhome'],
  ['\x1b]0;title\x07a', 'a'],
  ['\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\', 'link'],
  ['\x1b]52;c;Y2xpcGJvYXJk\x07a', 'a'],
  ['\x1bP+q544e\x1b\\a', 'a'],
  ['\x9b2Ja', '2Ja'],
  ['bell\x07 back\x08space', 'bell backspace'],
  ['10%\r50%\r100%', '100%'],
  ['line\r', 'line'],
  ['tab\tstays', 'tab\tstays'],
  ['unfinished \x1b', 'unfinished '],
  ['unfinished \x1b[31', 'unfinished [31'],
])('%j is printed as %j', (text, expected) => {
  expect(printable(text)).toBe(expected)
})

test.each([
  ['\x1b[31mred\x1b[0m', '\x1b[31mred\x1b[0m'],
  ['\x1b[1;31mnever ended', '\x1b[1;31mnever ended\x1b[0m'],
  ['\x1b[31m\x1b[2Jred\x1b[0m', '\x1b[31mred\x1b[0m'],
  ['\x1b]0;title\x07\x1b[32mgreen', '\x1b[32mgreen\x1b[0m'],
])('where colours are kept, %j is printed as %j', (text, expected) => {
  expect(printable(text, true)).toBe(expected)
})
