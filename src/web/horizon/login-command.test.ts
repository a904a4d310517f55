import { expect, test } from 'bun:test'
import { loginCommand } from './login-command.ts'

test.each([
  ['http://space.localhost:7070/', 'npx space login'],
  ['http://localhost:7070/', 'npx space login'],
  ['http://space.localhost:8080/', 'npx space login --server http://localhost:8080'],
  ['http://space.localhost/', 'npx space login --server http://localhost'],
  ['https://cloud.example.org/', 'npx space login --server https://cloud.example.org'],
])('at %s it is %s', (address, command) => {
  expect(loginCommand(new URL(address))).toBe(command)
})
