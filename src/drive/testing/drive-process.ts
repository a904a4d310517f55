/** A process of its own that serves drives of a folder without keys, and prints the port: to be killed or measured. */
import { createDrive } from '../index.ts'
import { serveDrive } from './test-drive.ts'

const [, , collectionsDir, bodyBytes] = process.argv
const limits = bodyBytes ? { bodyBytes: Number(bodyBytes) } : {}
console.log(serveDrive(createDrive({ collectionsDir: collectionsDir!, limits })).port)
