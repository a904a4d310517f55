import { DISK_FULL } from '../disk/index.ts'

/**
 * Ends a build with a sentence for the developer. `fault: 'user'`: the app has to change; `'system'`: this machine
 * or a registry. Thrown inside this room only; its door turns it into a result.
 */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
  constructor(
    readonly fault: 'user' | 'system',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}

/** What an error of the file system means for a build, or null when it means that we are wrong. */
export function failureOfSystem(error: unknown): BuildFailure | null {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new BuildFailure('system', DISK_FULL, error)
    case 'EMFILE':
    case 'ENFILE':
      return new BuildFailure('system', 'This server has too many files open. Push again in a moment.', error)
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new BuildFailure(
        'system',
        `The server may not write to its data folder (${code}). Check its permissions.`,
        error,
      )
    case 'ENAMETOOLONG':
      return new BuildFailure(
        'user',
        'The build makes folders too deep to be stored. Look at its commands.',
        error,
      )
    default:
      return null
  }
}
