/** `summer/` for `summer/beach.jpg`; empty at the top. A folder ends in `/`. */
export const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1)

/** The last part of the name of a file or folder below `folder`. */
export const shortName = (name: string, folder: string): string =>
  name.slice(folder.length).replace(/\/$/, '')

export const isFolder = (name: string): boolean => name.endsWith('/')

/** Each folder on the way to `folder`, from the top: `a/` and `a/b/` for `a/b/`. */
export function foldersTo(folder: string): string[] {
  const parts = folder.split('/').slice(0, -1)
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)
}
