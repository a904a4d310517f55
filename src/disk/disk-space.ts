import { statfsSync } from 'node:fs'

export interface DiskSpace {
  readonly totalBytes: number
  /** What processes other than root may still write; 0 when there is no inode left. */
  readonly availableBytes: number
  /** 0…1: of bytes or of inodes, whichever is scarcer. As `df` says it. */
  readonly usedShare: number
}

/** From here on the owner is warned. */
const NEARLY_FULL = 0.9

export const isNearlyFull = ({ usedShare }: DiskSpace): boolean => usedShare >= NEARLY_FULL

/** Of the file system that `dir` is on. One system call of about a microsecond. */
export function diskSpace(dir: string): DiskSpace {
  const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(dir)
  // File systems that make inodes as they need them say 0.
  const hasInodes = files === 0 || ffree > 0
  return {
    totalBytes: blocks * bsize,
    availableBytes: hasInodes ? bavail * bsize : 0,
    usedShare: Math.max(shareOf(blocks - bfree, bavail), shareOf(files - ffree, ffree)),
  }
}

const shareOf = (used: number, free: number): number => (used + free === 0 ? 0 : used / (used + free))
