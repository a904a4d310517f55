import ignore from 'ignore'

/** Excluded from uploads unless a `.spaceignore` includes them (COMPAT 2.11). */
const DEFAULTS = `
# ours, and version control
.space
.spaceignore
Discovery.md
.hg
.git
.gitmodules
.gitignore
.svn
# what a build makes
build
dist
.output/
.next
.nuxt
.svelte-kit
.astro
target
# package managers
node_modules
.npmignore
.cache
.yarn
npm-debug.log*
yarn-debug.log*
yarn-error.log*
lerna-debug.log*
.pnpm-debug.log*
.venv
venv
virtualenv
__pycache__
# coverage
*.lcov
.nyc_output
.coverage
.coverage.*
# what belongs to the developer's machine; .env.prod is not among it, as it was not in the original
.dockerignore
.env.local
.env.*.local
.env
.envrc
# editors and systems
.*.swp
.vscode
.history
.DS_Store
.lock-wscript
config.gypi
CVS
`

/**
 * Whether a path below the project (`src/app.js`, with `/`, not normalised further) is excluded from the upload. The
 * lines of the root `.spaceignore` follow the defaults and the last match wins, so `!dist` includes `dist` again; nothing
 * below an excluded folder can be included (gitignore). Case-sensitive.
 */
export function createIgnore(userText: string): (path: string, isDirectory: boolean) => boolean {
  const rules = ignore({ ignorecase: false })
    .add(DEFAULTS)
    .add(userText.replace(/^\uFEFF/, ''))
  return (path, isDirectory) => rules.ignores(isDirectory ? `${path}/` : path)
}
