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

/** The authenticated caller, and the input as the contract parses it. */
export interface Received<Spec extends CallSpec> {
  readonly caller: Spec['auth'] extends keyof Callers ? Callers[Spec['auth']] : never
  readonly params: ParamsOf<Spec>
  readonly query: QueryOf<Spec>
  readonly body: BodyOf<Spec>
  /** Address of the client, as the gateway saw it. */
  readonly client: string
  /** For its headers; the body has been consumed. */
  readonly request: Request
}

/** What a handler receives of its request: only what `auth`, `resource` and the schemas have checked. */
export type Call<Spec extends CallSpec> = Received<Spec> & Found<Spec['resource']>

type Handler<Spec extends CallSpec> = (
  context: ApiContext,
  call: Call<Spec>,
) => Promise<OutputOf<Spec> | WithHeaders<OutputOf<Spec>>>

export interface Route {
  readonly spec: CallSpec
  readonly handler: (context: ApiContext, call: never) => Promise<unknown>
}

/** Pairs a call of the contract with its handler, whose types must match the row. */
export const route = <Spec extends CallSpec>(spec: Spec, handler: Handler<Spec>): Route => ({ spec, handler })
