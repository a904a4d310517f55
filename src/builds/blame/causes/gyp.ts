import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'

/** What node-gyp and other callers of compilers lack, then what does not compile. */
export const GYP: readonly Cause[] = [
  {
    id: 'node-headers',
    pattern:
      /nodejs\.org\/(?:dist|download)[^]*?(?:install got an error, rolling back|(?:ENOTFOUND|EAI_AGAIN) nodejs\.org)/,
    culprit: 'server',
    sentence:
      'A package has to be compiled, and the headers of Node.js could not be downloaded from nodejs.org.',
    next: `On the server, install a Node.js that has its headers beside it (nodejs.org, nvm), or allow it to reach nodejs.org. ${PUSH}`,
  },
  {
    id: 'gyp-python',
    pattern: /gyp ERR! find Python|Could not find any Python installation to use/,
    culprit: 'server',
    sentence: 'A package has to be compiled, and this server has no Python for it.',
    next: `On the server, run: apt install python3 build-essential. ${PUSH}`,
  },
  {
    id: 'gyp-make',
    pattern: /gyp ERR![^]*not found: make|make: (?:command )?not found/,
    culprit: 'server',
    sentence: 'A package has to be compiled, and this server has no make.',
    next: `On the server, run: apt install build-essential. ${PUSH}`,
  },
  {
    id: 'no-compiler',
    pattern:
      /(?:command '?(?:\S*-)?(?:gcc|cc|g\+\+|clang)'? failed: No such file|(?:gcc|g\+\+|cc|c\+\+): (?:command )?not found|make: (?:\S*\/)?(?:gcc|cc|g\+\+|c\+\+): (?:No such file|not found)|linker `cc` not found|Unknown compiler\(s\)|C compiler cannot create executables|exec: "gcc": executable file not found)/,
    culprit: 'server',
    sentence: 'Something has to be compiled, and this server has no C compiler.',
    next: `On the server, run: apt install build-essential. ${PUSH}`,
  },
  {
    id: 'gyp-sqlite',
    pattern: /(?:better-sqlite3|sqlite3)[^]*gyp ERR!|gyp ERR![^]*(?:better-sqlite3|node_modules\/sqlite3)/,
    culprit: 'app',
    sentence: 'The SQLite package could not be compiled for this version of Node.js.',
    next: `Update it (npm install better-sqlite3@latest), or choose an older engine. ${PUSH}`,
  },
  {
    id: 'gyp-sass',
    pattern: /node-sass[^]*(?:gyp ERR!|not supported|Build failed)/,
    culprit: 'app',
    sentence: 'node-sass is no longer maintained and does not build with this Node.js.',
    next: `Replace it: npm uninstall node-sass && npm install sass. ${PUSH}`,
  },
  {
    id: 'gyp',
    pattern: /gyp ERR! (?:build error|stack Error: `make` failed|configure error|not ok)/,
    culprit: 'app',
    sentence: 'A package could not be compiled for this version of Node.js.',
    next: `The lines above name it. Update the package, or choose an older engine. ${PUSH}`,
  },
]
