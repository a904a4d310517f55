/* oxlint-disable typescript/no-explicit-any -- callers read fields without naming a type, as with the package that is gone */
export type SpaceFetch = (path: string, init?: RequestInit) => Promise<Response>
/** Signs requests to `/v0<path>` of the server in SPACE_ROOT. */
export declare function fetchFn(accessToken?: string): SpaceFetch
export interface Client {
  get<T = any>(path: string): Promise<T>
  post<T = any>(path: string, body?: unknown): Promise<T>
  patch<T = any>(path: string, body?: unknown): Promise<T>
  delete<T = any>(path: string): Promise<T>
}
/** Without a token, DETA_SPACE_TOKEN is used; throws when both are missing. */
export declare function SpaceClient(accessToken?: string): Client
export default SpaceClient
