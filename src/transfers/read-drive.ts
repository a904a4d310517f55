import { type DataAccess, requireOk } from './data-access.ts'

const PAGE_NAMES = 1_000

interface Page {
  readonly paging?: { readonly last: string }
  readonly names: readonly string[]
}

/** The names of all files of a Drive. */
export async function* listFiles(
  data: DataAccess,
  collectionId: string,
  drive: string,
): AsyncGenerator<string> {
  for (let last: string | undefined; ;) {
    const after = last === undefined ? '' : `&last=${encodeLast(last)}`
    const path = `/files?limit=${PAGE_NAMES}${after}`
    const answer = await data.call({ service: 'drive', collectionId, name: drive, method: 'GET', path })
    const page = (await (await requireOk(answer, `The Drive ${drive} could not be read`)).json()) as Page
    yield* page.names
    last = page.paging?.last
    if (last === undefined) return
  }
}

/** Drive takes the text `null` for no `last`, as some clients send it. */
const encodeLast = (last: string): string => encodeURIComponent(last).replace(/^n/, '%6E')

/** A file as it is downloaded; not ok when it is damaged. */
export const openFile = (
  data: DataAccess,
  {
    collectionId,
    drive,
    name,
  }: { readonly collectionId: string; readonly drive: string; readonly name: string },
): Promise<Response> =>
  data.call({
    service: 'drive',
    collectionId,
    name: drive,
    method: 'GET',
    path: `/files/download?name=${encodeURIComponent(name)}`,
  })
