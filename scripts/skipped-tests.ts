/** Tests that depend on who runs them, or on which version, and not on a tool that could be installed: with the reason. */
export const MAY_BE_SKIPPED: Readonly<Record<string, string>> = {
  'a folder that cannot be read leaves the tree not whole': 'root can read every folder',
  'a key that may not be read is refused, and the message says so': 'root can read every file',
  'a Node that can replace itself does not stay above bun': 'takes Node 22.15 or newer',
  'the network around this machine > is what keeps metadata out here, and nothing else':
    'takes a machine that reaches a metadata service',
}

export interface Skips {
  /** As the runner prints them: `describe > test`. */
  readonly names: readonly string[]
  /** What the tests say of it themselves. */
  readonly reasons: readonly string[]
}

/** What the output of `bun test` says about tests that were skipped. It lists them twice. */
export function skipsIn(output: string): Skips {
  const found = (pattern: RegExp) => [...new Set([...output.matchAll(pattern)].map((match) => match[1]!))]
  return {
    names: found(/^\(skip\) (.*?)(?: \[[\d.]+m?s\])?$/gm).sort(),
    reasons: found(/^SKIPPED: (.*)$/gm),
  }
}
