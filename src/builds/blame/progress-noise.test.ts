import { expect, test } from 'bun:test'
import { isProgressNoise, namesServerFile } from './progress-noise.ts'

test.each([
  'npm warn deprecated inflight@1.0.6: This module is not supported',
  'npm warn install-scripts   esbuild@0.18.20 (postinstall: node install.js)',
  'npm notice New minor version of npm available!',
  'Progress: resolved 213, reused 0, downloaded 87, added 0',
  '[2/4] Fetching packages...',
  "➤ YN0013: │ lodash@npm:4.17.21 can't be found in the cache",
  '   ━━━━━━━━━━━━━━━━━━━━━━ 17.6/17.6 MB 116.4 MB/s eta 0:00:00',
  'Collecting fastapi==0.95.1 (from -r requirements.txt (line 1))',
  '  Downloading h11-0.14.0-py3-none-any.whl (58 kB)',
  'Resolved 12 packages in 8ms',
  '   Compiling serde v1.0.219',
  'go: downloading github.com/gin-gonic/gin v1.9.1',
  '<s> [webpack.Progress] 45% building',
  '',
])('%p is noise', (line) => {
  expect(isProgressNoise(line)).toBe(true)
})

test.each([
  'npm error code ETARGET',
  'error TS2304: Cannot find name',
  'error: could not compile `app`',
  'ERROR: No matching distribution found for flask==99',
  'go: command not found',
  'ERROR: Failed building wheel for aiohttp',
  'Building failed',
])('%p is kept', (line) => {
  expect(isProgressNoise(line)).toBe(false)
})

test('npm’s own log is on the server, and a developer does not read of it', () => {
  expect(
    namesServerFile('npm error A complete log of this run can be found in: /cache/_logs/1-debug-0.log'),
  ).toBe(true)
  expect(namesServerFile('npm error code ETARGET')).toBe(false)
})

test.each([
  '  cause: Because there is no version of x==1 and you require x==1, your requirements are unsatisfiable.',
  '      Exception: Can not find valid pkg-config name.',
  '# example.org/app',
  '    at Object.<anonymous> (/app/index.js:3:7)',
])('a reason that is indented or begins with # is kept: %s', (line) => {
  expect(isProgressNoise(line)).toBe(false)
})

test.each(['⸨░░░░░░⸩ ⠋ idealTree', ' ▐ ⸨####░░⸩', '######################  97.3%'])(
  'a bar is noise: %s',
  (line) => {
    expect(isProgressNoise(line)).toBe(true)
  },
)
