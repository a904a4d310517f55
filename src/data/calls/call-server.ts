import { dataError } from '../../data-protocol/index.ts'
import type { DataKeyRecord } from '../../directory/index.ts'
import { type Soon, after } from '../../kernel/soon.ts'
import { beingMoved, notCurrent, tooLarge, tooManyCalls, unauthorized } from '../answers.ts'
import type { CollectionFolders } from '../collection-folders.ts'
import { BYTES_A_PLACE, type DataLimits } from '../limits.ts'
import type { DataServices, ServiceName } from '../services.ts'
import { FairQueue, type Release } from './fair-queue.ts'
import { guardRequest } from './guarded-request.ts'
import { guardStream } from './guard-stream.ts'
import { OpenCall, OpenCalls } from './open-calls.ts'

/** The part of `DataKeyReplica` that calls are judged with. */
export interface DataKeys {
  readonly isCurrent: boolean
  whenCurrent(timeoutMs: number): Promise<boolean>
  find(token: string): DataKeyRecord | null
  findById(id: string): DataKeyRecord | null
  onRevoked(listener: (collectionId: string | null) => void): () => void
  noteUse(key: Pick<DataKeyRecord, 'id' | 'collectionId'>): void
}

/** A call that was admitted. */
export interface AdmittedCall {
  readonly service: ServiceName
  readonly collectionId: string
  readonly name: string
  readonly path: string
  readonly query: string
  /** The key that admitted it; null: a session, or the platform. Then its connection ends with its right. */
  readonly key: DataKeyRecord | null
}

export interface CallServerOptions {
  readonly services: DataServices
  readonly keys: DataKeys
  readonly folders: Pick<CollectionFolders, 'isErasing' | 'isMoving'>
  readonly limits: DataLimits
  readonly now: () => number
}

interface Admitted {
  readonly request: Request
  readonly call: AdmittedCall
  /** Null: nothing revokes it. */
  readonly open: OpenCall | null
  readonly hasBody: boolean
}

/** Runs admitted calls: a share of the process for each collection, and an end for calls whose key is revoked. */
export class CallServer implements Disposable {
  readonly #services: DataServices
  readonly #keys: DataKeys
  readonly #folders: Pick<CollectionFolders, 'isErasing' | 'isMoving'>
  readonly #limits: DataLimits
  readonly #queue: FairQueue
  readonly #open: OpenCalls
  readonly #stopListening: () => void

  constructor({ services, keys, folders, limits, now }: CallServerOptions) {
    this.#services = services
    this.#keys = keys
    this.#folders = folders
    this.#limits = limits
    this.#open = new OpenCalls(keys, now)
    this.#queue = new FairQueue({
      places: limits.places,
      perOwner: limits.placesPerCollection,
      waiting: limits.waitingPerCollection,
      waitMs: limits.waitMs,
    })
    this.#stopListening = keys.onRevoked((collectionId) => this.#open.recheck(collectionId))
  }

  /** Never throws or rejects. */
  serve(request: Request, call: AdmittedCall): Soon<Response> {
    if (this.#folders.isErasing(call.collectionId)) return unauthorized()
    const bodyBytes = bodyBytesOf(request)
    const limitBytes = this.#limitOf(call.service)
    if (bodyBytes !== Infinity && bodyBytes > limitBytes) return tooLarge(call.service, limitBytes)
    const open = call.key === null ? null : new OpenCall(call.key, call.service, call.name)
    const places =
      call.service === 'drive' ? 1 : 1 + Math.ceil(Math.min(bodyBytes, limitBytes) / BYTES_A_PLACE)
    const place = this.#queue.take(call.collectionId, places, () => request.signal)
    if (place === null) return tooManyCalls()
    const admitted = { request, call, open, hasBody: bodyBytes > 0 }
    return place instanceof Promise ? this.#serveLater(admitted, place) : this.#serveNow(admitted, place)
  }

  async #serveLater(admitted: Admitted, turn: Promise<Release | null>): Promise<Response> {
    const { open, call } = admitted
    if (open !== null) this.#open.add(open)
    const place = await turn
    const refusal = await this.#refusalAfterWait(call.collectionId, open)
    if (refusal === null && place !== null) return await this.#serveNow(admitted, place)
    place?.()
    this.#close(open)
    return refusal ?? tooManyCalls()
  }

  /** What is answered at once cannot be revoked in between, so it is not kept among the open calls. */
  #serveNow(admitted: Admitted, place: Release): Soon<Response> {
    const { open } = admitted
    const soon = this.#handle(admitted)
    if (open !== null && (soon instanceof Promise || isStreamed(admitted.call))) this.#open.add(open)
    return after(soon, (answer) => {
      place()
      return this.#answered(answer, admitted)
    })
  }

  #answered(answer: Response, { call, open }: Admitted): Soon<Response> {
    if (!isStreamed(call)) return this.#finished(answer, open)
    const guarded = open === null ? answer : this.#guarded(answer, open)
    return isSmall(guarded) ? whole(guarded) : guarded
  }

  [Symbol.dispose](): void {
    this.#stopListening()
  }

  #limitOf(service: ServiceName): number {
    return service === 'base' ? this.#limits.baseBodyBytes : this.#limits.driveBodyBytes
  }

  /** The call was judged before it waited. */
  async #refusalAfterWait(collectionId: string, open: OpenCall | null): Promise<Response | null> {
    if (this.#folders.isErasing(collectionId)) return unauthorized()
    if (open === null) return null
    const patienceMs = this.#limits.directoryPatienceMs
    if (!this.#keys.isCurrent && !(await this.#keys.whenCurrent(patienceMs))) return notCurrent()
    return open.isCut || !this.#open.isAdmitted(open) ? unauthorized() : null
  }

  #handle({ request, call, open, hasBody }: Admitted): Soon<Response> {
    const { collectionId, name, path, query, key } = call
    const mayWrite = key?.mayWrite ?? true
    const isMoving = this.#folders.isMoving(collectionId)
    const handled = this.#services[call.service].handle({
      request: open !== null && hasBody ? guardRequest(request, open) : request,
      collectionId,
      name,
      path,
      query,
      mayWrite: mayWrite && !isMoving,
    })
    if (!isMoving || !mayWrite) return handled
    return after(handled, (answer) => (answer.status === 403 ? beingMoved() : answer))
  }

  #finished(answer: Response, open: OpenCall | null): Response {
    if (open === null) return answer
    this.#close(open)
    return open.isCut ? unauthorized() : answer
  }

  #guarded(answer: Response, open: OpenCall): Response {
    const stream = answer.body
    if (open.isCut) void stream?.cancel().catch(() => {})
    if (open.isCut || stream === null) return this.#finished(answer, open)
    const { status, headers } = answer
    return new Response(
      guardStream(stream, open, () => this.#close(open)),
      { status, headers },
    )
  }

  #close(open: OpenCall | null): void {
    if (open !== null) this.#open.remove(open)
  }
}

/** Only files are streamed: looking at the body of another answer would make a stream of it. */
const isStreamed = ({ service, path }: AdmittedCall): boolean =>
  service === 'drive' && path.startsWith('/files/download')

/** Infinite: unknown before it has arrived. */
function bodyBytesOf({ method, headers }: Request): number {
  if (method === 'GET' || method === 'HEAD') return 0
  const length = headers.get('content-length')
  if (length !== null) return Number(length)
  return headers.has('transfer-encoding') ? Infinity : 0
}

/** Bun sends streams without their length; a small file is sent at once instead. */
const WHOLE_BYTES = 262_144

function isSmall({ headers }: Response): boolean {
  const length = headers.get('content-length')
  return length !== null && Number(length) <= WHOLE_BYTES
}

async function whole(answer: Response): Promise<Response> {
  const { status, headers } = answer
  try {
    return new Response(await answer.bytes(), { status, headers })
  } catch {
    // The key was revoked, or the file cannot be read.
    return dataError(500, 'The file could not be read')
  }
}
