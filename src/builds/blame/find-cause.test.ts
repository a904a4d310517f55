import { describe, expect, test } from 'bun:test'
import { CAUSES } from './causes/causes.ts'
import { findCause } from './find-cause.ts'

const EXITED = 'exited with code 1'

/** The end of real output, shortened, and the cause; a third entry replaces how the step ended. */
const CASES: readonly (readonly [string, string, string])[] = (
  [
    ['memory-limit', '> next build', 'ran out of memory (limit 4096 MB)'],
    ['killed-in-build', 'sh: line 1:    42 Killed                  vite build', 'exited with code 137'],
    ['killed-in-build', 'npm error path /app\nnpm error command failed\nnpm error signal SIGKILL'],
    ['node-heap', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    ['rust-killed', "process didn't exit successfully: `rustc --crate-name app` (signal: 9, SIGKILL: kill)"],
    ['disk-full', 'npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28'],
    ['disk-full', 'OSError: [Errno 28] No space left on device'],
    ['file-size', 'x', 'wrote a file larger than 4 GB'],
    ['open-files', "Error: EMFILE: too many open files, open '/app/node_modules/x/index.js'"],
    ['processes', 'bash: fork: retry: Resource temporarily unavailable'],
    ['time', 'ready - started server on 0.0.0.0:3000', 'took longer than 1200 s'],
    ['server-stops', '', 'the server is stopping'],
    [
      'fonts',
      'FetchError: request to https://fonts.gstatic.com/s/inter/v12/x.woff2 failed, reason: getaddrinfo ENOTFOUND fonts.gstatic.com\nFailed to compile.\nFailed to fetch `Inter` from Google Fonts.',
    ],
    [
      'prisma-engines',
      'Error: request to https://binaries.prisma.sh/all_commits/x/debian-openssl-3.0.x/libquery_engine.so.node.gz.sha256 failed, reason: getaddrinfo ENOTFOUND binaries.prisma.sh',
    ],
    [
      'puppeteer-browser',
      'npm error path /app/node_modules/puppeteer\nnpm error Error: ERROR: Failed to set up chrome v131.0.6778.85! Set "PUPPETEER_SKIP_DOWNLOAD" env variable to skip download.',
    ],
    [
      'puppeteer-browser',
      'npm error ERROR: Failed to set up Chromium r1108766! Set "PUPPETEER_SKIP_DOWNLOAD" env variable to skip download.\nnpm error Error: getaddrinfo ENOTFOUND storage.googleapis.com',
    ],
    [
      'playwright-browser',
      'Error: getaddrinfo ENOTFOUND cdn.playwright.dev\nFailed to install browsers\nError: Failed to download Chromium 131',
    ],
    [
      'cypress',
      'npm error The Cypress App could not be downloaded.\nnpm error URL: https://download.cypress.io/desktop\nnpm error Error: getaddrinfo ENOTFOUND download.cypress.io',
    ],
    [
      'electron',
      'npm error path /app/node_modules/electron\nnpm error command failed\nnpm error command sh -c node install.js\nnpm error RequestError: getaddrinfo ENOTFOUND github.com',
    ],
    [
      'sharp',
      'npm ERR! sharp: Downloading https://github.com/lovell/sharp-libvips/releases/download/v8.14.5/x.tar.br\nnpm ERR! sharp: Installation error: getaddrinfo ENOTFOUND github.com',
    ],
    [
      'canvas',
      "Package pixman-1 was not found in the pkg-config search path.\ngyp: Call to 'pkg-config pixman-1 --libs' returned exit status 1",
    ],
    [
      'bcrypt',
      'node-pre-gyp ERR! install request to https://github.com/kelektiv/node.bcrypt.js/releases/download/v5.1.0/bcrypt_lib-v5.1.0-napi-v3-linux-x64-glibc.tar.gz failed, reason: getaddrinfo ENOTFOUND github.com',
    ],
    [
      'prebuilt',
      'prebuild-install warn install getaddrinfo ENOTFOUND github.com\nnpm error path /app/node_modules/leveldown',
    ],
    [
      'node-headers',
      'gyp http GET https://nodejs.org/download/release/v20.20.2/node-v20.20.2-headers.tar.gz\ngyp ERR! stack FetchError: getaddrinfo ENOTFOUND nodejs.org',
    ],
    [
      'node-headers',
      'npm error path /app/node_modules/better-sqlite3\nnpm error prebuild-install warn install getaddrinfo ENOTFOUND github.com\nnpm error gyp http GET https://nodejs.org/download/release/v20.20.2/node-v20.20.2-headers.tar.gz\nnpm error gyp WARN install got an error, rolling back install\nnpm error gyp ERR! configure error',
    ],
    [
      'gyp',
      'npm error path /app/node_modules/leveldown\nnpm error prebuild-install warn install getaddrinfo ENOTFOUND github.com\nnpm error gyp http GET https://nodejs.org/download/release/v20.20.2/node-v20.20.2-headers.tar.gz\nnpm error gyp http 200 https://nodejs.org/download/release/v20.20.2/node-v20.20.2-headers.tar.gz\nnpm error ../src/a.cc:1:1: error: no member\nnpm error gyp ERR! build error\nnpm error gyp ERR! stack Error: `make` failed with exit code: 2',
    ],
    [
      'no-compiler',
      'npm error path /app/node_modules/bufferutil\nnpm error make: g++: No such file or directory\nnpm error gyp ERR! build error',
    ],
    [
      'corepack',
      'Internal Error: Error when performing the request to https://registry.npmjs.org/yarn/latest; for troubleshooting help, see corepack',
    ],
    ['rustup', 'curl: (6) Could not resolve host: sh.rustup.rs'],
    [
      'git-clone',
      "fatal: unable to access 'https://github.com/a/b.git/': Could not resolve host: github.com",
    ],
    [
      'script-download',
      'npm error path /app/node_modules/ngrok\nnpm error command failed\nnpm error command sh -c node ./postinstall.js\nnpm error ngrok - error downloading binary Error: getaddrinfo ENOTFOUND bin.equinox.io',
    ],
    ['peer-conflict', 'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree'],
    [
      'lost-version',
      'npm error code ETARGET\nnpm error notarget No matching version found for deta@2.0.0-rc.1.',
    ],
    [
      'lost-version',
      ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for left-pad@9.9.9 while fetching it from https://registry.npmjs.org/',
    ],
    ['lost-version', 'error Couldn\'t find any versions for "left-pad" that matches "9.9.9"'],
    [
      'lost-package',
      "npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/gone - Not found\nnpm error 404  'gone@^1.0.0' is not in this registry.",
    ],
    ['lost-package', ' ERR_PNPM_FETCH_404  GET https://registry.npmjs.org/gone: Not Found - 404'],
    [
      'bad-checksum',
      'npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed when using sha512',
    ],
    [
      'lock-outdated',
      'npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
    ],
    [
      'lock-outdated',
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json',
    ],
    [
      'invalid-package-json',
      'npm error code EJSONPARSE\nnpm error path /app/package.json\nnpm error JSON.parse Expected double-quoted property name',
    ],
    [
      'missing-package-json',
      "npm error code ENOENT\nnpm error path /app/package.json\nnpm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '/app/package.json'",
    ],
    ['missing-script', 'npm error Missing script: "build"'],
    ['missing-script', 'error Command "build" not found.'],
    [
      'openssl-legacy',
      "  opensslErrorStack: [ 'error:03000086:digital envelope routines::initialization error' ],\n  code: 'ERR_OSSL_EVP_UNSUPPORTED'",
    ],
    [
      'wrong-node',
      'npm error code EBADENGINE\nnpm error engine Unsupported engine\nnpm error notsup Required: {"node":">=22"}\nYou are using Node.js 16.20.2. For Next.js, Node.js version ">=18.18.0" is required.',
    ],
    [
      'wrong-node',
      'error vite@7.0.0: The engine "node" is incompatible with this module. Expected version "^20.19.0 || >=22.12.0". Got "18.20.0"',
    ],
    [
      'husky',
      'npm error command sh -c husky install\nnpm error fatal: not a git repository (or any of the parent directories): .git',
    ],
    ['no-git-repository', 'fatal: not a git repository (or any of the parent directories): .git'],
    ['patch-package', '**ERROR** Failed to apply patch for package next at path\n    node_modules/next'],
    [
      'esm-required',
      'Error [ERR_REQUIRE_ESM]: require() of ES Module /app/node_modules/nanoid/index.js not supported.',
    ],
    ['import-outside-module', 'SyntaxError: Cannot use import statement outside a module'],
    ['next-export', 'sh: 1: next: not found', 'exited with code 127'],
    [
      'css-tool',
      'Error: Cannot find module @rollup/rollup-linux-x64-gnu. npm has a bug related to optional dependencies',
    ],
    [
      'esbuild-version',
      'Error: Cannot start service: Host version "0.17.19" does not match binary version "0.18.20"',
    ],
    [
      'registry-login',
      'npm error code E401\nnpm error Unable to authenticate, your authentication token seems to be invalid.',
    ],
    ['registry-certificate', 'npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    [
      'registry-limit',
      'npm error code E429\nnpm error 429 Too Many Requests - GET https://registry.npmjs.org/x',
    ],
    [
      'registry-error',
      'npm error code E503\nnpm error 503 Service Unavailable - GET https://registry.npmjs.org/x',
    ],
    [
      'registry-unreachable',
      'npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org/x failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org',
    ],
    [
      'registry-unreachable',
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor>: Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/flask/\nERROR: No matching distribution found for flask",
    ],
    [
      'registry-unreachable',
      'error: Failed to fetch: `https://pypi.org/simple/flask/`\n  Caused by: error sending request for url (https://pypi.org/simple/flask/)\n  Caused by: dns error: failed to lookup address information: Name or service not known',
    ],
    ['no-python', '', 'exited with code 69'],
    ['postgres-library', 'Error: pg_config executable not found.\nERROR: Failed building wheel for psycopg2'],
    [
      'mysql-library',
      'Exception: Can not find valid pkg-config name.\nSpecify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually',
    ],
    ['cairo-library', 'OSError: no library called "cairo-2" was found'],
    ['xml-library', 'Error: Please make sure the libxml2 and libxslt development packages are installed.'],
    ['python-headers', 'fatal error: Python.h: No such file or directory'],
    ['rust-for-python', "error: can't find Rust compiler\nERROR: Failed building wheel for orjson"],
    [
      'no-version-for-python',
      'ERROR: Ignored the following versions that require a different python version: 2.0.0 Requires-Python >=3.12\nERROR: No matching distribution found for x==2.0.0',
    ],
    ['python-hash', 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'],
    ['python-conflict', 'ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/'],
    [
      'python-lost-version',
      'ERROR: Could not find a version that satisfies the requirement flask==99 (from versions: 0.1)\nERROR: No matching distribution found for flask==99',
    ],
    [
      'python-lost-version',
      '  × No solution found when resolving dependencies:\n  ╰─▶ Because there is no version of flask==99 and you require flask==99, we can conclude that your requirements are unsatisfiable.',
    ],
    [
      'python-platform',
      'error: No solution found when resolving dependencies\n  cause: Because windows-curses==2.3.1 has no wheels with a matching platform tag (e.g., `manylinux_2_36_x86_64`) and you require windows-curses==2.3.1, your requirements are unsatisfiable.',
    ],
    [
      'requirement-syntax',
      "error: Unexpected '_', expected '-c', '-e', '-r' or the start of a requirement: .ownspace-requirements.txt:1:1",
    ],
    ['requirement-syntax', "ERROR: Invalid requirement: 'flask=2'"],
    [
      'no-requirements',
      "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'",
    ],
    ['removed-from-python', "ModuleNotFoundError: No module named 'distutils'"],
    ['python-syntax', '    match command:\n          ^\nSyntaxError: invalid syntax'],
    [
      'failed-wheel',
      'ERROR: Failed building wheel for aiohttp\nERROR: Could not build wheels for aiohttp, which is required to install pyproject.toml-based projects',
    ],
    ['failed-wheel', '  × Failed to build `aiohttp==3.8.1`\n  ├─▶ The build backend returned an error'],
    [
      'import-failed',
      "ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/app/.python_packages/werkzeug/urls.py)",
    ],
    ['python-program', 'bash: line 1: streamlit: command not found', 'exited with code 127'],
    [
      'python-syntax',
      '  File "/app/main.py", line 3\n    x = (\n        ^\nSyntaxError: \'(\' was never closed',
    ],
    ['python-syntax', '  File "/app/main.py", line 3\n    x\nIndentationError: unexpected indent'],
    ['python-module', "ModuleNotFoundError: No module named 'flask'"],
    ['externally-managed', 'error: externally-managed-environment'],
    ['gyp-python', 'gyp ERR! find Python You need to install the latest version of Python.'],
    ['gyp-make', 'gyp ERR! stack Error: not found: make'],
    ['no-compiler', "error: command 'gcc' failed: No such file or directory"],
    ['gyp-sqlite', 'npm error path /app/node_modules/better-sqlite3\nnpm error gyp ERR! build error'],
    ['gyp-sass', 'npm error path /app/node_modules/node-sass\nnpm error gyp ERR! build error'],
    [
      'gyp',
      'npm error path /app/node_modules/x\nnpm error gyp ERR! build error\nnpm error gyp ERR! stack Error: `make` failed with exit code: 2',
    ],
    ['go-version', 'go: go.mod requires go >= 1.23 (running go 1.21.5; GOTOOLCHAIN=local)'],
    ['go-sum', 'main.go:4:2: missing go.sum entry for module providing package github.com/gin-gonic/gin'],
    ['rust-version', 'error: package `clap v4.5.0` cannot be built because it requires rustc 1.74 or newer'],
    [
      'rust-code',
      'error[E0425]: cannot find value `x` in this scope\nerror: could not compile `app` (bin "app") due to 1 previous error',
    ],
    [
      'pkg-config',
      'The pkg-config command could not be found.\nCould not find directory of OpenSSL installation',
    ],
    ['no-go', 'bash: line 3: go: command not found', 'exited with code 127'],
    ['no-cargo', 'bash: line 3: cargo: command not found', 'exited with code 127'],
    ['no-package-manager', 'bash: line 1: pnpm: command not found', 'exited with code 127'],
    ['apt', 'bash: line 3: apt-get: command not found', 'exited with code 127'],
    ['cross-env', 'sh: 1: cross-env: not found', 'exited with code 127'],
    ['wrong-interpreter', 'env: ‘bash\\r’: No such file or directory', 'exited with code 127'],
    ['not-executable', 'bash: line 2: ./build.sh: Permission denied', 'exited with code 126'],
    ['read-only', "mkdir: cannot create directory '/opt/x': Read-only file system"],
    ['no-permission', "Error: EACCES: permission denied, mkdir '/root/.cache'"],
    ['typescript', "src/index.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."],
    ['typescript', "Failed to compile.\n\n./pages/index.tsx:3:7\nType error: Cannot find name 'x'."],
    [
      'eslint',
      'Failed to compile.\n\n./pages/index.js\n5:9  Error: Do not use an `<a>` element.  @next/next/no-html-link-for-pages',
    ],
    ['eslint', '✖ 3 problems (1 error, 2 warnings)'],
    ['missing-module', "Module not found: Error: Can't resolve './Button' in '/app/src'"],
    ['missing-variable', 'Error: Missing environment variable: NEXTAUTH_SECRET'],
    ['javascript-syntax', "SyntaxError: Unexpected token '??='"],
    ['no-program-hugo', 'bash: line 2: hugo: command not found', 'exited with code 127'],
    ['no-program-bundle', '/usr/bin/bash: line 89: bundle: command not found', 'exited with code 127'],
    ['no-program-java', 'sh: 1: java: not found', 'exited with code 127'],
    ['missing-program-file', 'bash: line 89: ./mvnw: No such file or directory', 'exited with code 127'],
    ['missing-program-file', 'sh: 1: target/app: not found', 'exited with code 127'],
    ['command-not-found', 'bash: line 2: frobnicate: command not found', 'exited with code 127'],
    ['command-not-named', '', 'exited with code 127'],
    [
      'deno-download',
      'curl: (6) Could not resolve host: deno.land\nbash: line 91: /root/.deno/bin/deno: No such file or directory',
    ],
    ['node-download', 'curl: (6) Could not resolve host: deb.nodesource.com'],
    ['git-clone', 'wget: unable to resolve host address ‘github.com’', 'exited with code 4'],
    [
      'silent-download',
      '$ curl -sL https://github.com/x/y.zip -o pb.zip && unzip pb.zip',
      'exited with code 6',
    ],
    [
      'python-source',
      '  × Failed to download and build `x @ https://github.com/someone/x/archive/main.zip`\n  ├─▶ Failed to fetch: `https://github.com/someone/x/archive/main.zip`\n  ╰─▶ error sending request for url',
    ],
    ['missing-file', "cp: cannot stat 'dist/index.html': No such file or directory"],
  ] as readonly (readonly [string, string, string?])[]
).map(([id, tail, message = EXITED]) => [id, tail, message])

const blameOf = (tail: string, message: string) => findCause({ tail, message })

describe('the cause of a failed step', () => {
  test.each(CASES)('%s', (id, tail, message) => {
    expect(blameOf(tail, message)?.cause.id).toBe(id)
  })

  test('has a case for every cause, of which there are more than fifty', () => {
    const tested = new Set(CASES.map(([id]) => id))
    // One pattern with a table of programs.
    const ids = CAUSES.map(({ id }) => id).filter((id) => !id.startsWith('no-program-'))
    expect(ids.filter((id) => !tested.has(id))).toEqual([])
    expect(CAUSES.length).toBeGreaterThan(50)
    expect(new Set(CAUSES.map(({ id }) => id)).size).toBe(CAUSES.length)
  })

  test.each(CASES)('%s is a readable text, with every gap filled', (_id, tail, message) => {
    const { text } = blameOf(tail, message)!
    expect(text).not.toMatch(/\$\d|``| \(\)|: \.(?: |$)| {2}|\p{Cc}/u)
    expect(text).toMatch(/^[`A-Za-z].*[.>a-z0-9)-]$/)
  })

  test('is null when the output says nothing that is known', () => {
    expect(findCause({ tail: 'something else', message: EXITED })).toBeNull()
  })

  test('names a file that begins with a dot', () => {
    const text = blameOf('bash: line 1: ./mvnw: No such file or directory', 'exited with code 127')!.text
    expect(text).toStartWith('A command calls `./mvnw`, which does not exist.')
  })

  test('names the version that a package needs', () => {
    expect(findCause({ tail: CASES.find(([id]) => id === 'go-version')![1], message: EXITED })!.text).toBe(
      'The app needs Go 1.23, which is newer than the Go of this server. Install that version on the server, or lower the version in go.mod. Then run: space push',
    )
  })
})
