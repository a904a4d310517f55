import { guardStream } from './guard-stream.ts'
import type { OpenCall } from './open-calls.ts'

const CALL = Symbol('call')

/**
 * A request whose body can be read only as long as its key is valid: a body that arrives slowly may be complete long after
 * the key was revoked. The request itself is kept, with other methods, because copying it would copy its body.
 */
class GuardedRequest extends Request {
  declare [CALL]: OpenCall

  override get body(): Request['body'] {
    const body = super.body
    return body === null ? null : (guardStream(body, this[CALL], () => {}) as Request['body'])
  }

  override arrayBuffer() {
    return this[CALL].guard(super.arrayBuffer())
  }

  override blob() {
    return this[CALL].guard(super.blob())
  }

  override bytes() {
    return this[CALL].guard(super.bytes())
  }

  override json() {
    return this[CALL].guard(super.json())
  }

  override text() {
    return this[CALL].guard(super.text())
  }
}

export function guardRequest(request: Request, call: OpenCall): Request {
  Object.setPrototypeOf(request, GuardedRequest.prototype)
  const guarded = request as GuardedRequest
  guarded[CALL] = call
  return guarded
}
