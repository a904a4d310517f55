import { dataError } from '../data-protocol/index.ts'
import type { ServiceName } from './services.ts'

/** The same for a missing, unknown, expired or revoked key, and for one of another collection: nothing can be guessed. */
export const unauthorized = (): Response => dataError(401, 'Unauthorized')

export const notAllowedHere = (what: 'Base' | 'Drive'): Response =>
  dataError(403, `This data key does not open this ${what}`)

export const noSuchCall = (): Response => dataError(404, 'There is no such call')

export const badName = (): Response => dataError(400, 'The name is not valid percent-encoding')

/** COMPAT 5.2 and 5.3 have different statuses. */
export const tooLarge = (service: ServiceName, limitBytes: number): Response =>
  closing(
    dataError(
      service === 'base' ? 400 : 413,
      `The request is larger than ${Math.floor(limitBytes / 1_048_576)} MB`,
    ),
  )

/** This copy of the keys may be out of date: nothing is decided from it. */
export const notCurrent = (): Response => retryLater(503, 'Data keys are being loaded; try again')

export const tooManyCalls = (): Response =>
  retryLater(429, 'Too many calls of this collection are under way; try again')

/** A write. */
export const beingMoved = (): Response =>
  retryLater(503, 'This collection is being moved and can only be read; try again')

function retryLater(status: number, message: string): Response {
  const response = dataError(status, message)
  response.headers.set('Retry-After', '1')
  return response
}

/** For an answer that comes before its request was read. */
function closing(response: Response): Response {
  response.headers.set('Connection', 'close')
  return response
}
