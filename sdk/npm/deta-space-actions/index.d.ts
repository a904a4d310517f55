/* oxlint-disable typescript/no-explicit-any -- callers read fields without naming a type, as with the package that is gone */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

export declare const CardType: {
  readonly RAW: '@deta/raw'
  readonly DETAIL: '@deta/detail'
  readonly FILE: '@deta/file'
  readonly LIST: '@deta/list'
}
export type RawCard = unknown
export interface DetailCard {
  title?: string
  text?: string
  image_url?: string
  url?: string
  [more: string]: unknown
}
export interface FileCard {
  url: string
  type?: string
  name?: string
}
export interface ListCard {
  title?: string
  description?: string
  items: { title: string; description?: string; url?: string; card?: { type: string; data: unknown } }[]
}
export interface Input {
  name: string
  type: 'string' | 'number' | 'boolean'
  optional: boolean
}
export interface InputBuilder extends Input {
  String(): this
  Number(): this
  Boolean(): this
  Optional(): this
}
export declare function Inputs(name: string): InputBuilder
export interface ActionOptions<T> {
  name: string
  title: string
  input?: readonly Input[]
  /** The path that the action is called at; `/__space/actions/<name>` by default. */
  path?: string
  card?: string
  output?: string
  handler: (input: T) => unknown
}
type Next = (error?: unknown) => void
export interface Actions {
  add<T = any>(action: ActionOptions<T>): void
  middleware(req: IncomingMessage, res: ServerResponse, next?: Next): void
  /** Starts a server for the actions alone; listens on PORT. */
  serve(port?: number): Server
}
export declare function createActions(): Actions
export declare function createActionsServer(): Actions
