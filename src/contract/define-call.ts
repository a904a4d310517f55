import type { z } from 'zod'
import type { BodySpec } from './body.ts'
import type { ErrorCode } from './errors.ts'
import type { OutputSpec } from './output.ts'
import type { CallResource } from './resources.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may make a call. There is no default. */
export type Auth =
  /** Anyone, without a credential. */
  | 'public'
  /** A person: the session cookie of Home on a same-origin request, or a request signed with an access token. */
  | 'user'
  /** A browser on its way between Home and an app host, signed in or not; a top-level GET only. */
  | 'handoff'
  /** App host: a one-time code that this browser requested. */
  | 'code'
  /** App host: a page of the same host; can only end a session. */
  | 'same-origin'

/** Scopes of access tokens: every call of their owner; creating and pushing apps; reading. */
export const TOKEN_SCOPES = ['all', 'push', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]
export type LimitedScope = Exclude<TokenScope, 'all'>

/** One HTTP call, as data: the API, its clients and the documentation follow it. */
export interface CallSpec {
  readonly method: Method
  /** From the root of the host, parameters as `:name`. */
  readonly path: string
  /** The host that answers; default: Home. */
  readonly host?: 'app'
  readonly summary: string
  readonly description?: string
  readonly auth: Auth
  /** The resource that the call names. The router looks it up before the handler runs, and answers 404 for another person's. */
  readonly resource: CallResource
  /** The limited scopes whose access tokens may make the call. Default: `read` for a GET, otherwise none. */
  readonly scopes?: readonly LimitedScope[]
  /** Describes each parameter of the path. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: z.ZodType
  /** Omitted: the call takes no body. */
  readonly body?: BodySpec
  readonly output: OutputSpec
  /** Errors of the call, and when each occurs, in addition to those that `errorsOf` derives from the row. */
  readonly errors?: Readonly<Partial<Record<ErrorCode, string>>>
  /**
   * Limit of calls per minute: per person for `user` calls, otherwise per network. Omitted: no limit at this level. Signed-in
   * people are counted separately, so that strangers on the same network cannot use up their calls.
   */
  readonly perMinute?: number
  /** The path parameter to count by in place of the network, when only the client that started the operation knows it. */
  readonly countedBy?: string
  /** Limit of concurrent calls over all clients, for calls that use much disk. One client gets at most half of them. */
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
