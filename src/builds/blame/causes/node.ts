import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'

/** package.json, its lockfile, its scripts, and Node.js. */
export const NODE: readonly Cause[] = [
  {
    id: 'peer-conflict',
    pattern: /code ERESOLVE|ERR_PNPM_PEER_DEP_ISSUES|unable to resolve dependency tree/,
    culprit: 'app',
    sentence: 'Two packages need different versions of the same package (a peer conflict).',
    next: `Update the packages that the lines above name, or put legacy-peer-deps=true into .npmrc. ${PUSH}`,
  },
  {
    id: 'lost-version',
    pattern:
      /code ETARGET[^]*?No matching version found for (\S+?)\.?$|ERR_PNPM_NO_MATCHING_VERSION\s+No matching version found for (\S+)|error No version matching "[^"]*" found for "?([^"\s]+)|Couldn't find any versions for "([^"]+)"/m,
    culprit: 'app',
    sentence: 'The version $1$2$3$4 does not exist in the registry (any more).',
    next: `Choose another version in package.json, run your package manager's install, and push the new lockfile. ${PUSH}`,
  },
  {
    id: 'lost-package',
    pattern:
      /code E404[^]*?404\s+'?([@\w./-]+@[^\s']*)'? (?:is not in|could not)|ERR_PNPM_FETCH_404[^]*?([@\w./-]+): Not Found|error An unexpected error occurred: "https?:\/\/[^"]*?\/([^/"]+): Not found|code E404/,
    culprit: 'app',
    sentence: 'A package is not in the registry (any more): $1$2$3.',
    next: `Remove it from package.json or replace it, run your package manager's install, and push the new lockfile. ${PUSH}`,
  },
  {
    id: 'bad-checksum',
    pattern: /\bEINTEGRITY\b|ERR_PNPM_TARBALL_INTEGRITY|Integrity check failed|IntegrityCheckFailed/,
    culprit: 'app',
    sentence: 'A downloaded package is not the one that the lockfile describes.',
    next: `Delete the lockfile, run your package manager's install, and push the new lockfile. ${PUSH}`,
  },
  {
    id: 'lock-outdated',
    pattern:
      /npm ci` can only install packages when your package\.json|(?:ERR!|error) code EUSAGE|ERR_PNPM_OUTDATED_LOCKFILE|Your lockfile needs to be updated|YN0028|lockfile had changes, but lockfile is frozen|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH|ERR_PNPM_LOCKFILE_BREAKING_CHANGE|ERR_PNPM_LOCKFILE_MISSING_DEPENDENCY/,
    culprit: 'app',
    sentence: 'The lockfile does not fit package.json.',
    next: `Run your package manager's install and push the new lockfile. ${PUSH}`,
  },
  {
    id: 'invalid-package-json',
    pattern:
      /code EJSONPARSE|Failed to parse (?:JSON|json data)[^]*package\.json|ERR_PNPM_JSON_PARSE|Unexpected token .* in JSON.*package\.json/,
    culprit: 'app',
    sentence: 'package.json is not valid JSON.',
    next: `Correct the line that is named above. ${PUSH}`,
  },
  {
    id: 'missing-package-json',
    pattern: /ENOENT[^]*?open '([^']*package\.json)'|ERR_PNPM_NO_PKG_MANIFEST|Couldn't find a package\.json/,
    culprit: 'app',
    sentence: 'A command needs a package.json, and there is none in its folder.',
    next: `Correct \`src\` of the micro, or add \`cd <folder>\` to the commands. ${PUSH}`,
  },
  {
    id: 'missing-script',
    pattern:
      /[Mm]issing script: "?([\w:.-]+)"?|ERR_PNPM_NO_SCRIPT\s+Missing script: (\S+)|error Command "([\w:.-]+)" not found|error: Script not found "([\w:.-]+)"/,
    culprit: 'app',
    sentence: 'package.json has no script `$1$2$3$4`.',
    next: `Add the script, or change the command. ${PUSH}`,
  },
  {
    id: 'openssl-legacy',
    pattern: /ERR_OSSL_EVP_UNSUPPORTED|error:0308010C/,
    culprit: 'app',
    sentence:
      'The bundler (webpack 4 or older) needs the old algorithms of OpenSSL, which Node.js 17 and newer switch off.',
    next: `Update the bundler, use the engine nodejs16, or build with NODE_OPTIONS=--openssl-legacy-provider. ${PUSH}`,
  },
  {
    id: 'wrong-node',
    pattern:
      /code EBADENGINE[^]*?required: \{ node: '([^']+)'|ERR_PNPM_UNSUPPORTED_ENGINE[^]*?Expected version: ([^\n]+)|The engine "node" is incompatible with this module\. Expected version "([^"]+)"|You are using Node\.js [\d.]+\. For Next\.js, Node\.js version "?([^"\n]+?)"? is required|requires Node(?:\.js)? (?:version )?([\d.^>=+| x]+\d)/i,
    culprit: 'app',
    sentence: 'A package needs another version of Node.js: $1$2$3$4$5.',
    next: `Set \`engines.node\` in package.json, or the engine of the micro (nodejs18, nodejs20, nodejs22). ${PUSH}`,
  },
  {
    id: 'husky',
    pattern: /husky[^]*(?:not a git repository|\.git can't be found)|fatal: not a git repository[^]*husky/,
    culprit: 'app',
    sentence: 'husky sets up git hooks while packages are installed, and a build has no git repository.',
    next: `Change the script to: "prepare": "husky || true". ${PUSH}`,
  },
  {
    id: 'no-git-repository',
    pattern: /fatal: not a git repository/,
    culprit: 'app',
    sentence: 'A command calls git, and an upload contains no git repository.',
    next: `Remove the call from the build, or pass the value in an environment variable. ${PUSH}`,
  },
  {
    id: 'patch-package',
    pattern: /patch-package[^]*(?:Failed to apply patch|was not applied)|\*\*ERROR\*\* Failed to apply patch/,
    culprit: 'app',
    sentence: 'patch-package could not apply a patch to the installed version of a package.',
    next: `Make the patch again for the version in the lockfile: npx patch-package <package>. ${PUSH}`,
  },
  {
    id: 'esm-required',
    pattern: /ERR_REQUIRE_ESM|require\(\) of ES Module/,
    culprit: 'app',
    sentence: 'The code loads an ES module with require().',
    next: `Use import(), an older version of the package, or a newer Node.js (engine nodejs22). ${PUSH}`,
  },
  {
    id: 'import-outside-module',
    pattern: /Cannot use import statement outside a module/,
    culprit: 'app',
    sentence: 'The code uses `import`, and package.json does not declare modules.',
    next: `Add "type": "module" to package.json, or rename the file to .mjs. ${PUSH}`,
  },
  {
    id: 'next-export',
    pattern: /Error: Cannot find module 'next\/|next: not found|'next' is not recognized/,
    culprit: 'app',
    sentence: 'Next.js is not installed.',
    next: `Add it: npm install next react react-dom. ${PUSH}`,
  },
  {
    id: 'css-tool',
    pattern:
      /Cannot find (?:native binding|module)[^\n]*(?:lightningcss|@tailwindcss\/oxide|@rollup\/rollup-|@esbuild\/|@swc\/core-)|Cannot find module @rollup\/rollup-/,
    culprit: 'app',
    sentence: 'The lockfile was made on another system and lacks the compiled part of a bundler for Linux.',
    next: `Delete node_modules and the lockfile, run your package manager's install, and push the new lockfile. ${PUSH}`,
  },
  {
    id: 'esbuild-version',
    pattern: /Host version "[\d.]+" does not match binary version/,
    culprit: 'app',
    sentence: 'Two versions of esbuild are mixed.',
    next: `Delete node_modules and the lockfile, run your package manager's install, and push the new lockfile. ${PUSH}`,
  },
]

/** What compilers and bundlers say about the code of the app. */
export const CODE: readonly Cause[] = [
  {
    id: 'typescript',
    pattern: /error TS\d+:|Type error: |Found \d+ errors? in \d+ files?|svelte-check found \d+ error/,
    culprit: 'app',
    sentence: 'TypeScript found errors.',
    next: `Correct the places above. ${PUSH}`,
  },
  {
    id: 'eslint',
    pattern:
      /Failed to compile\.[^]*(?:eslint|react-hooks\/|@typescript-eslint)|✖ \d+ problems? \(\d+ errors?|\d+:\d+\s+[Ee]rror:?\s+.*\s{2,}@?[\w-]+\/[\w-]+/,
    culprit: 'app',
    sentence: 'ESLint found errors, and the build treats them as failures.',
    next: `Correct the places above, or build without the check (Next.js: eslint.ignoreDuringBuilds). ${PUSH}`,
  },
  {
    id: 'missing-module',
    pattern:
      /(?:Error: )?Cannot find module '([^']+)'|Module not found: (?:Error: )?Can't resolve '([^']+)'|Could not resolve "([^"]+)"|Failed to resolve import "([^"]+)"|Rollup failed to resolve import "([^"]+)"/,
    culprit: 'app',
    sentence: 'The module `$1$2$3$4$5` is not there.',
    next: `Check the spelling, also upper and lower case, and that the package is in package.json or the file in the upload (.spaceignore). ${PUSH}`,
  },
  {
    id: 'missing-variable',
    pattern:
      /(?:Missing|Invalid) (?:required )?environment variables?:? ?`?([A-Z][A-Z0-9_]+)?|environment variable `?([A-Z][A-Z0-9_]+)`? (?:is (?:not set|required|missing|undefined)|not found)|Environment variable not found: ([A-Z0-9_]+)/i,
    culprit: 'app',
    sentence: 'The code needs an environment variable that is not set: $1$2$3.',
    next: `Add it to \`presets.env\` of the micro with a default. ${PUSH}`,
  },
  {
    id: 'javascript-syntax',
    pattern: /SyntaxError: (?!\()[^\n]+/,
    culprit: 'app',
    sentence: 'The code has a syntax error, or uses syntax that is newer than the engine.',
    next: `Correct the place above, or choose a newer engine. ${PUSH}`,
  },
]
