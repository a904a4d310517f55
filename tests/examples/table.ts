/** The apps of examples/ that show one engine or package manager each. A row is an app; `tests/examples.test.ts` pushes it. */
export interface Example {
  /** Below examples/. */
  readonly folder: string
  /** Programs that this machine must have, because the server cannot fetch them. */
  readonly needs?: readonly string[]
  /** What the build log says, so that the app is known to be built by the intended tool. */
  readonly says: RegExp
  /** Body of a GET of `/`, which is public in each of these apps. */
  readonly answers: RegExp
}

export const EXAMPLES: readonly Example[] = []
