import type { BodyOf, CallSpec, OutputOf, ParamsOf, QueryOf } from '../contract/index.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller, SessionCaller } from './caller.ts'
import type { Found } from './resources.ts'
import type { WithHeaders } from './respond.ts'

interface Callers {
  readonly public: null
  readonly user: Caller
  readonly handoff: SessionCaller | null
}

/** Whose credential the call has, and what it sent, as the contract reads it. */
export interface Received<Spec extends CallSpec> {
  readonly caller: Spec['auth'] extends keyof Callers ? Callers[Spec['auth']] : never
  readonly params: ParamsOf<Spec>
  readonly query: QueryOf<Spec>
  readonly body: BodyOf<Spec>
  /** Address of the client, as the gateway saw it. */
  readonly client: string
  /** For headers only; its body has been read. */
  readonly request: Request
}

/** What a handler may know of its request: nothing that `auth`, `resource` or the schemas did not prove. */
export type Call<Spec extends CallSpec> = Received<Spec> & Found<Spec['resource']>

type Handler<Spec extends CallSpec> = (
  context: ApiContext,
  call: Call<Spec>,
) => Promise<OutputOf<Spec> | WithHeaders<OutputOf<Spec>>>

export interface Route {
  readonly spec: CallSpec
  readonly handler: (context: ApiContext, call: never) => Promise<unknown>
}

/** How a call of the contract is answered; the types of its row are checked here. */
export const route = <Spec extends CallSpec>(spec: Spec, handler: Handler<Spec>): Route => ({ spec, handler })
