import { statfsSync } from 'node:fs'

export interface DiskSpace {
  readonly totalBytes: number
  /** Space for processes other than root; 0 if no inode is left. */
  readonly availableBytes: number
  /** 0…1: of bytes or inodes, whichever is fuller. The same value as in `df`. */
  readonly usedShare: number
}

/** From this value on, the owner is warned. */
const NEARLY_FULL = 0.9

export const isNearlyFull = ({ usedShare }: DiskSpace): boolean => usedShare >= NEARLY_FULL

/** The file system of `dir`. One system call of about a microsecond. */
export function diskSpace(dir: string): DiskSpace {
  const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(dir)
  // File systems that create inodes on demand report 0.
  const hasInodes = files === 0 || ffree > 0
  return {
    totalBytes: blocks * bsize,
    availableBytes: hasInodes ? bavail * bsize : 0,
    usedShare: Math.max(shareOf(blocks - bfree, bavail), shareOf(files - ffree, ffree)),
  }
}

const shareOf = (used: number, free: number): number => (used + free === 0 ? 0 : used / (used + free))
