import { expect, test } from 'bun:test'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { credentialsPath, forgetLogin, readCredentials, saveLogin } from './credentials.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const token = (access_token: string) => ({ access_token, is_own: true })

test('a saved log-in can be read by its owner alone', () => {
  using home = createTempFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  saveLogin(env, 'http://localhost:7070', token('a_b'))
  expect(readCredentials(env)).toEqual({
    current: 'http://localhost:7070',
    servers: { 'http://localhost:7070': token('a_b') },
  })
  expect(statSync(credentialsPath(env)).mode & 0o777).toBe(0o600)
  expect(statSync(join(home.path, 'ownspace')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(home.path, 'ownspace'))).toEqual(['cli.json'])
})

test('without XDG_CONFIG_HOME, or with a relative one, it lies under ~/.config', () => {
  expect(credentialsPath({ HOME: '/home/ada' })).toBe('/home/ada/.config/ownspace/cli.json')
  expect(credentialsPath({ HOME: '/home/ada', XDG_CONFIG_HOME: 'here' })).toBe(
    '/home/ada/.config/ownspace/cli.json',
  )
})

test('each server keeps its own token, and the last log-in is the current one', () => {
  using home = createTempFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  saveLogin(env, 'http://one', token('a_1'))
  saveLogin(env, 'http://two', token('a_2'))
  expect(readCredentials(env).current).toBe('http://two')
  expect(forgetLogin(env, 'http://two')).toBe(true)
  expect(forgetLogin(env, 'http://two')).toBe(false)
  expect(readCredentials(env)).toEqual({
    current: 'http://one',
    servers: { 'http://one': token('a_1') },
  })
})

test('a broken file is reported with its path, and not written over', () => {
  using home = createTempFolder({ 'ownspace/cli.json': '{"current":' })
  const env = { XDG_CONFIG_HOME: home.path }
  expect(() => readCredentials(env)).toThrow(credentialsPath(env))
  expect(() => saveLogin(env, 'http://one', token('a_1'))).toThrow('cannot be read')
})
