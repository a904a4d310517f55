import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findRequirements } from './find-requirements.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'requirements-'))))
afterEach(() => rmSync(dir, { recursive: true }))

async function found(files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), data)
  }
  return findRequirements(dir)
}

describe('requirements.txt', () => {
  test('comes before every other file, with what it includes', async () => {
    const ways = await found({
      'requirements.txt':
        '# head\r\nflask==2.0 # web\r\n-r more/base.txt\n-c pins.txt\n--extra-index-url https://x/\n',
      'more/base.txt': 'a==1 \\\n  --hash=sha256:x\n-r ./other.txt\n',
      'more/other.txt': 'b\n-r base.txt\n',
      'pins.txt': 'c<2\n',
      'pyproject.toml': '[project]\ndependencies = ["no"]\n',
    })
    expect(ways).toEqual([
      {
        source: 'requirements.txt',
        isComplete: false,
        requirements: ['flask==2.0', 'a==1    --hash=sha256:x', 'b'],
        constraints: ['c<2'],
        options: ['--extra-index-url https://x/'],
      },
    ])
  })

  test('of PowerShell is UTF-16', async () => {
    const text = Buffer.from('\uFEFFflask==2.0\r\n', 'utf16le')
    expect((await found({ 'requirements.txt': text }))[0]!.requirements).toEqual(['flask==2.0'])
  })

  test('may be big-endian UTF-16', async () => {
    const text = Buffer.from('\uFEFFflask==2.0\n', 'utf16le').swap16()
    expect((await found({ 'requirements.txt': text }))[0]!.requirements).toEqual(['flask==2.0'])
  })

  test.each(['-r missing.txt', '-r ../outside.txt', '-r /etc/passwd'])('with %s is refused', async (line) => {
    await expect(found({ 'requirements.txt': line })).rejects.toThrow('which is not in the upload')
  })
})

test('pyproject.toml of PEP 621', async () => {
  const text = '[project]\nname = "x"\ndependencies = ["flask>=2", "rich"]\n'
  expect((await found({ 'pyproject.toml': text }))[0]).toMatchObject({ requirements: ['flask>=2', 'rich'] })
})

test('pyproject.toml of Poetry', async () => {
  const text = `[tool.poetry.dependencies]
python = "^3.9"
flask = "^2.1.3"
small = "^0.3.1"
tilde = "~1.4"
any = "*"
exact = "1.0"
range = ">=1,<2"
uvicorn = { version = "^0.17", extras = ["standard"] }
maybe = { version = "1", optional = true }
cloned = { git = "https://x/y.git", rev = "main" }
win = { version = "1", markers = "sys_platform == 'win32'" }
near = { path = "lib" }
`
  expect((await found({ 'pyproject.toml': text }))[0]!.requirements).toEqual([
    'flask>=2.1.3,<3',
    'small>=0.3.1,<0.4',
    'tilde>=1.4,<1.5',
    'any',
    'exact==1.0',
    'range>=1,<2',
    'uvicorn[standard]>=0.17,<0.18',
    'cloned @ git+https://x/y.git@main',
    "win==1 ; sys_platform == 'win32'",
    './lib',
  ])
})

test('poetry.lock: what the project needs to run, exactly, else what it lists', async () => {
  const lock = `[[package]]
name = "flask"
version = "2.1.3"
files = [{ file = "f.whl", hash = "sha256:f" }]
[package.dependencies]
Click = ">=8"
colorama = { version = "*", markers = "sys_platform == 'win32'" }

[[package]]
name = "click"
version = "8.0.0"
files = [{ file = "c.whl", hash = "sha256:c" }]

[[package]]
name = "colorama"
version = "0.4.0"
files = [{ file = "o.whl", hash = "sha256:o" }]

[[package]]
name = "pytest"
version = "7.0.0"
files = []
`
  const ways = await found({
    'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "^2"\n',
    'poetry.lock': lock,
  })
  expect(ways.map(({ source, isComplete, requirements }) => ({ source, isComplete, requirements }))).toEqual([
    {
      source: 'poetry.lock',
      isComplete: true,
      requirements: [
        'flask==2.1.3 --hash=sha256:f',
        'click==8.0.0 --hash=sha256:c',
        "colorama==0.4.0 ; (sys_platform == 'win32') --hash=sha256:o",
      ],
    },
    { source: 'pyproject.toml', isComplete: false, requirements: ['flask>=2,<3'] },
  ])
})

test('uv.lock: with the extras that are used', async () => {
  const lock = `version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "uvicorn", extra = ["standard"] }]

[[package]]
name = "uvicorn"
version = "0.30.0"
source = { registry = "https://x/simple" }
dependencies = [{ name = "h11" }]
sdist = { url = "https://x/u.tar.gz", hash = "sha256:s" }
wheels = [{ url = "https://x/u.whl", hash = "sha256:u" }]
[package.optional-dependencies]
standard = [{ name = "uvloop", marker = "sys_platform != 'win32'" }]

[[package]]
name = "h11"
version = "0.14.0"
source = { registry = "https://x/simple" }
wheels = [{ url = "https://x/h.whl", hash = "sha256:h" }]

[[package]]
name = "uvloop"
version = "0.20.0"
source = { registry = "https://x/simple" }
wheels = [{ url = "https://x/l.whl", hash = "sha256:l" }]
`
  const [first] = await found({
    'pyproject.toml': '[project]\nname = "app"\ndependencies = ["uvicorn[standard]"]\n',
    'uv.lock': lock,
  })
  expect(first!.requirements).toEqual([
    'uvicorn==0.30.0 --hash=sha256:u --hash=sha256:s',
    'h11==0.14.0 --hash=sha256:h',
    "uvloop==0.20.0 ; (sys_platform != 'win32') --hash=sha256:l",
  ])
})

test('Pipfile.lock, then Pipfile', async () => {
  const ways = await found({
    Pipfile: '[packages]\nflask = "*"\nrich = {version = "==12.0", extras = ["jupyter"]}\n',
    'Pipfile.lock': JSON.stringify({
      default: { flask: { version: '==2.0', hashes: ['sha256:a'], markers: "python_version >= '3.6'" } },
    }),
  })
  expect(ways.map(({ requirements }) => requirements)).toEqual([
    ["flask==2.0 ; python_version >= '3.6' --hash=sha256:a"],
    ['flask', 'rich[jupyter]==12.0'],
  ])
})

test.each([[{}], [{ 'pyproject.toml': '[tool.black]\n' }], [{ 'pyproject.toml': 'not toml [' }]])(
  'a project that lists nothing has none: %p',
  async (files) => {
    expect(await found(files)).toEqual([])
  },
)
