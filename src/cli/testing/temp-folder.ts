import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TempFolder extends Disposable {
  readonly path: string
  /** Writes files by their path below the folder, and the folders that they need. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void
}

export function createTempFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): TempFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'space-cli-test-')))
  const write: TempFolder['write'] = (wanted) => {
    for (const [name, content] of Object.entries(wanted)) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), content)
    }
  }
  write(files)
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
