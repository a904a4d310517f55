import type { z } from 'zod'
import type * as calls from './all.ts'
import type { CallSpec, InputOf, OutputOf, ParamName, ParamsOf } from './define-call.ts'

/** `GET /apps/:id`: a call of the API as clients name it, below `/api/v0`. */
type NameIn<Spec> = Spec extends {
  readonly method: infer Method extends string
  readonly path: `/api/v0${infer Path}`
}
  ? `${Method} ${Path}`
  : never

type ApiCalls = { readonly [Key in keyof typeof calls as NameIn<(typeof calls)[Key]>]: (typeof calls)[Key] }

export type ApiCallName = keyof ApiCalls

type SpecOf<Name extends ApiCallName> = Extract<ApiCalls[Name], CallSpec>

/** What the call answers with. */
export type ApiAnswer<Name extends ApiCallName> = OutputOf<SpecOf<Name>>

/** What a client gives to make the call; nothing for a call that takes nothing. */
export type ApiInput<Name extends ApiCallName> = keyof InputFor<SpecOf<Name>> extends never
  ? []
  : [input: InputFor<SpecOf<Name>>]

type InputFor<Spec extends CallSpec> = ([ParamName<Spec['path']>] extends [never]
  ? unknown
  : { readonly params: ParamsOf<Spec> }) &
  (Spec extends { readonly query: infer Query extends z.ZodType }
    ? { readonly query: Readonly<z.input<Query>> }
    : unknown) &
  (Spec extends { readonly body: unknown } ? { readonly body: InputOf<Spec> } : unknown)
