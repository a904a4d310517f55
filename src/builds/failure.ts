import { DISK_FULL } from '../disk/index.ts'

/**
 * Ends a build with a sentence for the developer. `fault: 'user'`: the app has to change; `'system'`: this machine
 * or a registry failed. Thrown inside this module only; `buildRevision` turns it into a result.
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

/** The build failure that an error of the file system means, or null when the error is a bug of ours. */
export function failureOfSystem(error: unknown): BuildFailure | null {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new BuildFailure('system', DISK_FULL, error)
    case 'EMFILE':
    case 'ENFILE':
      return new BuildFailure(
        'system',
        'This server has too many open files. Wait a moment, then run: space push',
        error,
      )
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new BuildFailure(
        'system',
        `The server has no permission to write to its data folder (${code}). Check the permissions of the folder.`,
        error,
      )
    case 'ENAMETOOLONG':
      return new BuildFailure(
        'user',
        'The build creates paths that are too long to be stored. Check the build commands.',
        error,
      )
    default:
      return null
  }
}
