import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'

/** Compilers, languages and programs. */
export const TOOLS: readonly Cause[] = [
  {
    id: 'go-version',
    pattern:
      /go\.mod requires go >= ([\d.]+)|requires go >= ([\d.]+)|note: module requires Go ([\d.]+)|invalid go version '([\d.]+)'/,
    culprit: 'server',
    sentence: 'The app needs Go $1$2$3$4, which is newer than the Go of this server.',
    next: `Install that version on the server, or lower the version in go.mod. ${PUSH}`,
  },
  {
    id: 'go-sum',
    pattern: /missing go\.sum entry|updates to go\.mod needed/,
    culprit: 'app',
    sentence: 'go.sum does not list every module.',
    next: `Run go mod tidy and push the changed files. ${PUSH}`,
  },
  {
    id: 'rust-version',
    pattern: /requires rustc ([\d.]+)(?: or newer)?|feature `edition2024` is required/,
    culprit: 'server',
    sentence: 'A crate needs a newer Rust than this server has.',
    next: `On the server, run: rustup update. ${PUSH}`,
  },
  {
    id: 'rust-code',
    pattern: /error\[E\d{4}\]|error: could not compile `([^`]+)`/,
    culprit: 'app',
    sentence: 'The Rust compiler found errors.',
    next: `Correct the places above. ${PUSH}`,
  },
  {
    id: 'pkg-config',
    pattern:
      /pkg-config[^]*(?:not found|could not be found)|Could not find (?:directory of )?OpenSSL|The system library `([\w.-]+)` required by crate/,
    culprit: 'server',
    sentence: 'A package needs a library of the system that is not on this server.',
    next: `The lines above name it. On the server, run: apt install pkg-config libssl-dev, or the library that is named. ${PUSH}`,
  },
  {
    id: 'no-go',
    pattern: /\bgo: (?:command )?not found/,
    culprit: 'server',
    sentence: 'The app needs Go, which is not on this server.',
    next: 'On the server, run: apt install golang-go, or install it from go.dev. Then run: space push',
  },
  {
    id: 'no-cargo',
    pattern: /\b(?:cargo|rustc): (?:command )?not found/,
    culprit: 'server',
    sentence: 'The app needs Rust, which is not on this server.',
    next: 'On the server, install Rust with rustup. Then run: space push',
  },
  {
    id: 'no-package-manager',
    pattern: /\b(pnpm|yarn|bun|deno|poetry|uv|pipenv): (?:command )?not found/,
    culprit: 'server',
    sentence: 'The app needs $1, and $1 is not installed on this server.',
    next: 'Run on the server: npx space doctor. It says how to install it. Then run: space push',
  },
  {
    id: 'apt',
    pattern:
      /\b(?:apt|apt-get|sudo|apk|yum|dnf): (?:command )?not found|E: Could not open lock file|are you root\?/,
    culprit: 'app',
    sentence: 'A command installs software into the system, which a build cannot change.',
    next: `Remove the command, and install the software on the server. ${PUSH}`,
  },
  {
    id: 'cross-env',
    pattern:
      /\b(cross-env|rimraf|tsc|vite|webpack|rollup|nest|ng|vue-cli-service|react-scripts|tsup|esbuild|parcel|gulp|nuxt|svelte-kit|astro|remix|turbo|nx|concurrently|npm-run-all|run-s|prisma|tailwindcss|ts-node|tsx|dotenv|copyfiles|shx): (?:command )?not found/,
    culprit: 'app',
    sentence: 'The program `$1` of a package is not installed.',
    next: `Add the package that has it to package.json. ${PUSH}`,
  },
  {
    id: 'wrong-interpreter',
    pattern: /env: ['‘]?\S*?\\r|: \/bin\/(?:ba)?sh\^M|bad interpreter|\$'\\r': command not found/,
    culprit: 'app',
    sentence: 'A script has Windows line ends (CRLF) or names a program that is not there.',
    next: `Convert it: sed -i 's/\\r$//' <script>. ${PUSH}`,
  },
  {
    id: 'not-executable',
    pattern: /(\S+): Permission denied$|\bEACCES\b[^\n]*(?:spawn|exec)/m,
    culprit: 'app',
    sentence: 'A script or program is not executable: $1.',
    next: `Add to the commands: chmod +x <file>. ${PUSH}`,
  },
  {
    id: 'read-only',
    pattern: /\bEROFS\b|Read-only file system/,
    culprit: 'app',
    sentence: 'A command writes outside the folder of the micro, which is read-only.',
    next: `Write into the folder of the micro or into /tmp. ${PUSH}`,
  },
  {
    id: 'no-permission',
    pattern: /\bEACCES\b|\bEPERM\b|Operation not permitted/,
    culprit: 'app',
    sentence: 'A command has no permission for what it tries.',
    next: `A build may write into the folder of the micro and /tmp only. ${PUSH}`,
  },
]

/** Errors of the shell and the system without more in them. */
export const COMMANDS: readonly Cause[] = [
  {
    id: 'missing-program-file',
    pattern: /: ((?:\.{0,2}\/)[\w.@+/-]+|[\w.@+-]+\/[\w.@+/-]+): (?:No such file or directory|not found)$/m,
    culprit: 'app',
    sentence: 'A command calls `$1`, which does not exist.',
    next: `Check that it is in the upload (.spaceignore), or that the command that downloads or builds it succeeded. ${PUSH}`,
  },
  {
    id: 'command-not-found',
    pattern: /(?:^|: )([\w.-]+): (?:command )?not found/m,
    culprit: 'app',
    sentence: 'A command calls a program that is not installed on this server: $1.',
    next: `Correct the command, or install the program on the server. ${PUSH}`,
  },
  {
    id: 'command-not-named',
    pattern: /exited with code 127/,
    culprit: 'app',
    sentence: 'A command calls a program that is not installed on this server.',
    next: `Correct the command, or install the program on the server. ${PUSH}`,
  },
  {
    id: 'missing-file',
    pattern:
      /\bENOENT\b[^\n]*'([^']+)'|(?:cannot stat|can't open|cannot open|cannot access) '?([^':\n]+)'?: No such file|cd: (?:can't cd to )?([^:\n]+?)(?:: No such file.*)?$/m,
    culprit: 'app',
    sentence: 'A command needs `$1$2$3`, which does not exist.',
    next: `Check the path, also upper and lower case, and whether .spaceignore excludes it. ${PUSH}`,
  },
]
