/**
 * Drive: files by name (COMPAT 5.3). Owns the index of each collection's files (`files/`) and their content, on the disk
 * (`disk/`) or in S3 (`s3/`): a file is a list of immutable blobs under random ids, and appears when its row is committed.
 * Never checks a key or a session. Start reading at drive.ts, then http/routes.ts.
 */
export { type Drive, type DriveOptions, createDrive } from './drive.ts'
export type { Blobs } from './content/blobs.ts'
export { copyAllBlobs, eraseAllBlobs } from './content/copy-all.ts'
export { createBlobFolder, diskBlobs } from './disk/disk-blobs.ts'
export { DRIVE_LIMITS, NO_QUOTA, type DriveLimits, type Quota } from './limits.ts'
export { s3Blobs, type S3BlobsOptions } from './s3/s3-blobs.ts'
export { driveMigrations } from './files/migrations/index.ts'
export type { DriveTables } from './files/schema.ts'
