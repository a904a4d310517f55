import type { z } from 'zod'
import type { BodySpec } from './body.ts'
import type { ErrorCode } from './errors.ts'
import type { OutputSpec } from './output.ts'
import type { CallResource } from './resources.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call. No row has a default. */
export type Auth =
  /** Anyone, without a credential. */
  | 'public'
  /** A person: the session cookie of Home on a same-origin request, or a request signed with an access token. */
  | 'user'
  /** A browser between Home and an app host, its person signed in or not; a top-level GET only. */
  | 'handoff'
  /** App host: a one-time code that this browser requested. */
  | 'code'
  /** App host: a page of this same host; it can only end a session. */
  | 'same-origin'

/** What an access token may do: everything that its person may; create apps and push to them; read. */
export const TOKEN_SCOPES = ['all', 'push', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]
export type LimitedScope = Exclude<TokenScope, 'all'>

/** One HTTP call, as data: what the API answers with, what clients send, and what the documentation says. */
export interface CallSpec {
  readonly method: Method
  /** From the root of the host, parameters as `:name`. */
  readonly path: string
  /** Which host answers; Home without it. */
  readonly host?: 'app'
  readonly summary: string
  readonly description?: string
  readonly auth: Auth
  /** Whose thing the call names. The router looks it up before the handler runs, and answers 404 for another person's. */
  readonly resource: CallResource
  /** The limited access tokens that may make the call; those that read, where it is left out and the method only reads. */
  readonly scopes?: readonly LimitedScope[]
  /** What each parameter of the path is. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: z.ZodType
  /** Without it the call takes no body. */
  readonly body?: BodySpec
  readonly output: OutputSpec
  /** When the call fails, beyond what `errorsOf` derives from the rest of the row. */
  readonly errors?: Readonly<Partial<Record<ErrorCode, string>>>
  /**
   * Calls a minute of one person, or, where the call is open to strangers, of one network; without it the number of
   * calls is not bounded here. People are counted by themselves, so that strangers on their network take nothing from them.
   */
  readonly perMinute?: number
  /** The parameter that is counted in place of the network, where only the client who began something can know it. */
  readonly countedBy?: string
  /** Calls under way at the same time, over all clients; for those that take much disk. One client has half of them. */
  readonly atOnce?: number
  readonly example?: { readonly query?: object; readonly body?: object; readonly answer?: object }
}

/**
 * Declares a call and keeps its types.
 *
 * @example
 * export const getApp = defineCall({ method: 'GET', path: '/api/v0/apps/:id', auth: 'user', resource: 'app', … })
 * type App = OutputOf<typeof getApp>
 */
export const defineCall = <const Call extends CallSpec>(call: Call): Call => call

export type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

export type ParamsOf<Call extends CallSpec> = Readonly<Record<ParamName<Call['path']>, string>>

/** The query as the API reads it. */
export type QueryOf<Call extends CallSpec> = Call extends { readonly query: infer Query extends z.ZodType }
  ? z.output<Query>
  : undefined

/** The body as the API reads it. */
export type BodyOf<Call extends CallSpec> = Call extends {
  readonly body: { readonly schema: infer Body extends z.ZodType }
}
  ? z.output<Body>
  : undefined

/** What a client sends as body. */
export type InputOf<Call extends CallSpec> = Call extends {
  readonly body: { readonly schema: infer Body extends z.ZodType }
}
  ? DeepReadonly<z.input<Body>>
  : undefined

/** What a client receives. `Response`: a stream, or a redirect. */
export type OutputOf<Call extends CallSpec> = Call['output'] extends {
  readonly kind: 'json'
  readonly schema: infer Output extends z.ZodType
}
  ? DeepReadonly<z.output<Output>>
  : Call['output'] extends { readonly kind: 'text' }
    ? string
    : Call['output'] extends { readonly kind: 'none' }
      ? void
      : Response

export type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends Uint8Array
    ? Value
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value

/** `GET /api/v0/apps/:id`: the name of a call in tests, logs and documentation. */
export const nameOf = ({ method, path }: Pick<CallSpec, 'method' | 'path'>): string => `${method} ${path}`
