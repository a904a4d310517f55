const NOISE: readonly RegExp[] = [
  /^\s*$/,
  // npm
  /^npm (?:warn|WARN) (?:deprecated|old lockfile|using --force)/,
  // It lists what it has run.
  /^npm warn install-scripts\b/,
  /^npm (?:notice|http|timing|verb|sill)\b/,
  // Its help, which hides the error before it.
  /^npm (?:ERR!|error)(?:\s*$| \[| {2,}|\s(?:aliases:|Run "npm help|Options:|Usage:|npm ci$))/,
  /^ *[⸩⸨░▐▌]|^#{3,}[# ]*\d/,
  // pnpm, yarn, bun
  /^Progress: resolved \d+/,
  /^\[\d+\/\d+\] (?:Resolving|Fetching|Linking|Building)/,
  /^ ?(?:info|➤ YN0000|warning) (?:No lockfile|Visit|Direct dependencies|All dependencies|fsevents|".*" has (?:incorrect|unmet) peer)/,
  /^➤ YN0013:|^➤ YN0000: [·┌└]/,
  /^(?:Resolving|Downloading|Installing|Saving)(?: \w+)?(?:\.\.\.| dependencies| \[\d+\/\d+\])/,
  /^ WARN {2}(?:deprecated|\d+ deprecated)/,
  // pip, uv
  /^\s*(?:Collecting|Downloading|Using cached|Requirement already satisfied|Obtaining|Looking in (?:links|indexes)|Building wheels? for|Created wheel|Stored in directory|Getting requirements|Preparing metadata|Installing build dependencies)\b.*(?:done|finished with status 'done'|started|\.whl.*|\.tar\.gz.*|[\w.<>=!,~ ()-]+)$/,
  /[━╸╺]{5,}/,
  /^(?:Resolved|Prepared|Installed|Audited|Uninstalled|Downloaded) \d+ packages? in /,
  // cargo, go, bundlers
  /^\s*(?:Compiling|Downloaded|Downloading|Updating|Locking|Adding|Fresh|Checking) \S+ v\d/,
  /^go: (?:downloading|finding|extracting) /,
  /<s> \[webpack\.Progress\]|^\s*\d{1,3}% (?:\[|building|sealing)/,
]

/** A file on the server, which the developer cannot read; its path is not theirs to know. */
const SERVER_FILE = /A complete log of this run can be found in|_logs\/.*-debug-\d+\.log/

export const namesServerFile = (line: string): boolean => SERVER_FILE.test(line)

/** Whether a line of a package manager or bundler only shows progress; it would hide the reason of a failure. */
export const isProgressNoise = (line: string): boolean => NOISE.some((pattern) => pattern.test(line))
