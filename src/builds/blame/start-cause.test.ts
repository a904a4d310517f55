import { describe, expect, test } from 'bun:test'
import { STARTS } from './causes/starts.ts'
import { findCause } from './find-cause.ts'
import { findStartCause } from './start-cause.ts'

const TRACE = 'Traceback (most recent call last):\n  File "/app/main.py", line 1, in <module>\n'
const EXITED = 'exited with code 1'

/** The end of real output, shortened, and the cause; a third entry replaces how the micro ended. */
const CASES: readonly (readonly [string, string, string])[] = (
  [
    ['start-memory', 'Loading model', 'ran out of memory (limit 512 MB)'],
    ['start-port-in-use', 'Error: listen EADDRINUSE: address already in use :::8080'],
    ['start-port-in-use', `${TRACE}OSError: [Errno 98] Address already in use`],
    ['start-low-port', 'Error: listen EACCES: permission denied 0.0.0.0:80'],
    ['start-read-only', `${TRACE}OSError: [Errno 30] Read-only file system: 'log.txt'`],
    ['start-read-only', "Error: EROFS: read-only file system, open '/app/db.json'"],
    ['start-read-only', 'sqlite: open data.db: read-only file system'],
    ['start-asgi-app', 'ERROR:    Error loading ASGI app. Could not import module "main".'],
    ['start-asgi-app', 'ERROR:    Error loading ASGI app. Attribute "app" not found in module "main".'],
    ['start-asgi-app', `${TRACE}ImportError: cannot import name 'app' from 'main' (/app/main.py)`],
    [
      'deta-micros',
      `${TRACE}ImportError: cannot import name 'App' from 'deta' (/app/.python_packages/deta/__init__.py)`,
    ],
    ['start-own-module', `${TRACE}ModuleNotFoundError: No module named 'main'`],
    [
      'pydantic-2',
      `${TRACE}pydantic.errors.PydanticImportError: \`BaseSettings\` has been moved to the \`pydantic-settings\` package.`,
    ],
    ['own-import', `${TRACE}ImportError: cannot import name 'db' from 'models' (/app/models.py)`],
    [
      'own-import',
      `${TRACE}ImportError: cannot import name 'db' from partially initialized module 'models' (most likely due to a circular import) (/app/models.py)`,
    ],
    ['python-drift', `${TRACE}AttributeError: module 'jinja2' has no attribute 'Markup'`],
    ['python-drift', `${TRACE}TypeError: Client.__init__() got an unexpected keyword argument 'proxies'`],
    [
      'import-failed',
      `${TRACE}ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/app/.python_packages/werkzeug/urls.py)`,
    ],
    ['python-program', 'bash: line 1: streamlit: command not found', 'exited with code 127'],
    [
      'python-syntax',
      '  File "/app/main.py", line 3\n    x = (\n        ^\nSyntaxError: \'(\' was never closed',
    ],
    ['python-syntax', '  File "/app/main.py", line 3\n    x\nIndentationError: unexpected indent'],
    ['python-module', `${TRACE}ModuleNotFoundError: No module named 'requests'`],
    ['removed-from-python', `${TRACE}ModuleNotFoundError: No module named 'distutils'`],
    ['python-syntax', '    match command:\n          ^\nSyntaxError: invalid syntax'],
    ['shared-library', `${TRACE}ImportError: libGL.so.1: cannot open shared object file: No such file`],
    ['shared-library', './app: error while loading shared libraries: libssl.so.1.1: cannot open shared'],
    ['glibc', "./app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./app)"],
    ['wrong-machine', 'sh: 1: ./app: Exec format error', 'exited with code 126'],
    ['node-abi', "The module 'x.node'\nwas compiled against a different Node.js version"],
    ['next-no-build', "Error: Could not find a production build in the '.next' directory."],
    [
      'start-variable',
      `${TRACE}    T=os.environ["BOT_TOKEN"]\n  File "<frozen os>", line 679, in __getitem__\nKeyError: 'BOT_TOKEN'`,
    ],
    ['missing-variable', 'Error: Missing environment variable: SESSION_SECRET'],
    [
      'missing-package',
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express' imported from /app/index.js",
    ],
    ['missing-module', "Error: Cannot find module 'express'\nRequire stack:\n- /app/index.js"],
    ['esm-required', 'Error [ERR_REQUIRE_ESM]: require() of ES Module /app/node_modules/node-fetch/index.js'],
    ['import-outside-module', 'SyntaxError: Cannot use import statement outside a module'],
    ['openssl-legacy', "code: 'ERR_OSSL_EVP_UNSUPPORTED'"],
    ['missing-script', 'npm error Missing script: "start"'],
    ['no-package-manager', 'sh: 1: pnpm: not found', 'exited with code 127: a command was not found'],
    ['wrong-interpreter', 'env: ‘bash\\r’: No such file or directory', 'exited with code 127'],
    ['not-executable', 'sh: 1: ./bin/server: Permission denied', 'exited with code 126'],
    ['javascript-syntax', "SyntaxError: Unexpected token '??='"],
    ['command-not-found', 'sh: 1: frobnicate: not found', 'exited with code 127: a command was not found'],
    ['command-not-named', '', 'exited with code 127: a command was not found'],
    [
      'no-program-php',
      'bash: line 1: php: command not found',
      'exited with code 127: a command was not found',
    ],
    [
      'missing-program-file',
      'bash: line 1: ./deno/bin/deno: No such file or directory',
      'exited with code 127',
    ],
    ['no-go', 'bash: line 1: go: command not found', 'exited with code 127'],
    ['no-cargo', 'bash: line 1: cargo: command not found', 'exited with code 127'],
    ['start-ended', 'done', 'exited with code 0'],
    ['start-silent', 'Bot is polling', 'did not listen on $PORT within 60 s'],
  ] as readonly (readonly [string, string, string?])[]
).map(([id, tail, message = EXITED]) => [id, tail, message])

describe('the cause of a micro that does not start', () => {
  test.each(CASES)('%s', (id, tail, message) => {
    expect(findCause({ tail, message }, STARTS)?.cause.id).toBe(id)
  })

  test.each(CASES)('%s is a readable text, with every gap filled', (_id, tail, message) => {
    const { text } = findStartCause({ tail, message })!
    expect(text).not.toMatch(/\$\d|``| \(\)|: \.(?: |$)| {2}|\p{Cc}/u)
    expect(text).not.toContain('build needs')
  })

  test('has a case for every cause', () => {
    const tested = new Set(CASES.map(([id]) => id))
    const ids = STARTS.map(({ id }) => id).filter((id) => !id.startsWith('no-program-'))
    expect(ids.filter((id) => !tested.has(id))).toEqual([])
  })

  test('offers the versions of the time of the app when an import fails in a package', () => {
    const tail = CASES.find(([id]) => id === 'import-failed')![1]
    expect(findStartCause({ tail, message: EXITED })!.text).toContain('exclude-newer = "2023-06-01"')
  })

  test('repeats no advice of the message about the port', () => {
    const message = 'listens on 0.0.0.0:5000, but did not listen on $PORT (8080) within 60 s. Change it'
    expect(findStartCause({ tail: '', message })).toBeNull()
  })
})
