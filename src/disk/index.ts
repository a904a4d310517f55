/**
 * Foundation: the disk below the data folder. Owns how full it is, what a folder tree takes up, which errors mean that
 * it is full, and the reserve that keeps the database writable. Never decides what is deleted to make room.
 */
export { diskSpace, isNearlyFull, type DiskSpace } from './disk-space.ts'
export { openDiskGuard, type DiskGuard, type DiskGuardOptions } from './disk-guard.ts'
export { DISK_FULL, isDiskFull } from './disk-full.ts'
export { formatBytes } from './format-bytes.ts'
export { measureTree, type TreeSize } from './measure-tree.ts'
export { removeTree } from './remove-tree.ts'
