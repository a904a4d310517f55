/**
 * Foundation: the disk of the data folder. Owns its free space, the size of folder trees, the errors of a full disk, and
 * the reserve that keeps the database writable. Never decides what to delete. Start reading at `disk-guard.ts`.
 */
export { diskSpace, isNearlyFull, type DiskSpace } from './disk-space.ts'
export { openDiskGuard, type DiskGuard, type DiskGuardOptions } from './disk-guard.ts'
export { DISK_FULL, isDiskFull } from './disk-full.ts'
export { formatBytes } from './format-bytes.ts'
export { measureTree, type TreeSize } from './measure-tree.ts'
export { removeTree } from './remove-tree.ts'
