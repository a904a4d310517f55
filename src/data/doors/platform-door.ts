import { dataError } from '../../data-protocol/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { badName, noSuchCall } from '../answers.ts'
import type { CallServer } from '../calls/call-server.ts'
import type { CollectionFolders } from '../collection-folders.ts'
import { MoveRefused, type Place } from '../places.ts'
import type { ServiceName } from '../services.ts'
import { readDataPath } from './data-path.ts'
import { withLength } from './with-length.ts'

/** A question about a whole collection, as JSON in the body of a POST. */
export type PlatformQuestion =
  | { readonly ask: 'names' | 'size' | 'close' | 'erase'; readonly collectionId: string }
  | { readonly ask: 'copyTo'; readonly collectionId: string; readonly folder: string }
  | { readonly ask: 'move'; readonly collectionId: string; readonly to: Partial<Place> }
  | { readonly ask: 'copyAs'; readonly collectionId: string; readonly as: string }

export const SERVICE_HEADER = 'x-space-data-service'
export const TARGET_HEADER = 'x-space-data-target'

/**
 * The platform's own calls, on a socket that nothing else can reach. It has checked whose the collection is. With
 * `X-Space-Data-Service` and `-Target` (`/v1/<collection>/<name>/…`) it is a call of Base or Drive.
 */
export function createPlatformDoor(calls: CallServer, folders: CollectionFolders, log: Logger) {
  return async (request: Request): Promise<Response> => {
    const service = request.headers.get(SERVICE_HEADER) as ServiceName | null
    if (service !== null) return passThrough(calls, request, service)
    const question = (await request.json()) as PlatformQuestion
    if (![question.collectionId, 'as' in question ? question.as : 'none'].every(isId))
      return dataError(400, 'This is not the id of a collection')
    try {
      return Response.json((await answer(folders, question)) ?? null)
    } catch (error) {
      if (error instanceof MoveRefused) return dataError(409, error.message)
      log.error(
        `a collection could not be asked: ${question.ask}`,
        { collection: question.collectionId },
        error,
      )
      return dataError(500, (error as Error).message)
    }
  }
}

const isId = (text: string): boolean => /^[a-z0-9]+$/.test(text)

async function passThrough(calls: CallServer, request: Request, service: ServiceName): Promise<Response> {
  const to = readDataPath(request.headers.get(TARGET_HEADER) ?? '', '/v1/')
  if (to === null) return noSuchCall()
  const { collectionId, name, path, query } = to
  if (name === null) return badName()
  return withLength(await calls.serve(request, { service, collectionId, name, path, query, key: null }))
}

function answer(folders: CollectionFolders, question: PlatformQuestion): Promise<unknown> {
  const { collectionId } = question
  switch (question.ask) {
    case 'names':
      return folders.names(collectionId)
    case 'size':
      return folders.size(collectionId)
    case 'close':
      return folders.close(collectionId)
    case 'erase':
      return folders.erase(collectionId)
    case 'copyTo':
      return folders.copyTo(collectionId, question.folder)
    case 'move':
      return folders.move(collectionId, question.to)
    case 'copyAs':
      return folders.copyAs(collectionId, question.as)
  }
}
