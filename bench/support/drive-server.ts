/** Serves drives of the folder that is given, without keys, and prints the port. */
import { createDrive } from '../../src/drive/index.ts'
import { serveDrive } from '../../src/drive/testing/test-drive.ts'

const drive = createDrive({ collectionsDir: process.argv[2]!, limits: { bodyBytes: 1024 * 1_048_576 } })
console.log(serveDrive(drive).port)
