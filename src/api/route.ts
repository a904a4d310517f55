import type { z } from 'zod'
import type { TokenScope } from '../sessions/index.ts'
import type { User } from '../people/index.ts'
import type { SessionId } from '../kernel/ids.ts'
import type { BodySpec } from './body-spec.ts'
import type { ApiContext } from './api-context.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call; every row of the table says it. */
export type Auth =
  /** Anyone, without a credential. `routes.test.ts` lists these rows. */
  | 'public'
  /** A person: Home's session cookie on a same-origin request, or a request signed with an access token. */
  | 'user'
  /** A browser on its way between Home and an app host, its person signed in or not; a top-level GET only. */
  | 'handoff'

export interface SessionCaller {
  readonly kind: 'session'
  readonly user: User
  readonly sessionId: SessionId
}

export interface TokenCaller {
  readonly kind: 'token'
  readonly user: User
  readonly tokenId: string
  readonly scope: TokenScope
}

/** Whom the credential of a `user` call proved. */
export type Caller = SessionCaller | TokenCaller

export type LimitedScope = Exclude<TokenScope, 'all'>

interface Callers {
  readonly public: null
  readonly user: Caller
  readonly handoff: SessionCaller | null
}

/** What a handler may know of its request: nothing that `auth` or the schemas did not prove. */
export interface Call<A extends Auth, Path extends string, Query, Body> {
  readonly caller: Callers[A]
  readonly params: Readonly<Record<ParamName<Path>, string>>
  readonly query: Query
  readonly body: Body
  /** Address of the client, as the gateway saw it. */
  readonly client: string
  /** For headers only; its body has been read. */
  readonly request: Request
}

type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

export interface Route<A extends Auth = Auth, Path extends string = string, Query = unknown, Body = unknown> {
  readonly method: Method
  /** Below `/api/v0`. */
  readonly path: Path
  readonly auth: A
  /** Which tokens may call, beside those with all rights; those that read, where the method only reads. */
  readonly scopes?: readonly LimitedScope[]
  /**
   * Calls a minute of one person, or, where the call is open to strangers, of one network; without it the number of
   * calls is not bounded here. People are counted by themselves, so that strangers on their network take nothing from them.
   */
  readonly perMinute?: number
  /** The parameter that is counted in place of the network, where only the client who began something can know it. */
  readonly countedBy?: ParamName<Path>
  /** Calls under way at the same time, over all clients; for those that take much disk. One client has half of them. */
  readonly atOnce?: number
  readonly query?: z.ZodType<Query>
  /** Without it the call takes no body. */
  readonly body?: BodySpec<Body>
  readonly handler: (deps: ApiContext, call: Call<A, Path, Query, Body>) => Promise<Response>
}

/** A row of the table, its types checked where it is written and forgotten where it is dispatched. */
export function route<A extends Auth, const Path extends string, Query = unknown, Body = undefined>(
  row: Route<A, Path, Query, Body>,
): Route {
  return row as unknown as Route
}
