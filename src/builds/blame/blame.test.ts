import { expect, test } from 'bun:test'
import { commandFailure, installFailure } from './blame.ts'

const tooLong = {
  fault: 'user',
  message: 'took longer than 600 s',
  exitCode: null,
  hint: null,
  tail: 'gyp info spawn make',
} as const

test('an install that takes too long is not blamed on the app', () => {
  const { fault, message } = installFailure('api', 'npm', tooLong)
  expect([fault, message]).toEqual([
    'system',
    expect.stringMatching(
      /^npm could not .* `api`: took longer than 600 s\. Compiling .* --install-within\.$/,
    ),
  ])
})

test('a command that takes too long may never end', () => {
  const { fault, message } = commandFailure('api', tooLong, null)
  expect([fault, message]).toEqual(['user', expect.stringContaining('a development server does not')])
})
