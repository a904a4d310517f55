import { usageError } from '../failure.ts'

/** What `space access explain` is asked about. */
export type ExplainRequest =
  | { readonly kind: 'refusal'; readonly id: string }
  | {
      readonly kind: 'request'
      readonly method: string
      readonly url: string
      /** A path of the app of this folder, without scheme and host. */
      readonly isPath: boolean
    }

/**
 * Reads `<refusal id>`, `<method> <url>`, and what people paste: the address alone, or that of a refusal's page.
 * The address is passed on exactly as written, because the spelling may matter.
 */
export function requestOf(first: string, second: string | undefined): ExplainRequest {
  if (second !== undefined) return asked(first.toUpperCase(), second)
  const page = first.match(/^https?:\/\/[^/]+\/refusals\/([\w-]+)$/)
  if (page) return { kind: 'refusal', id: page[1]! }
  if (/^(https?:\/\/|\/)/.test(first)) return asked('GET', first)
  if (/^[\w-]{6,}$/.test(first)) return { kind: 'refusal', id: first }
  throw usageError(`"${first}" is neither the id of a refusal nor a URL`, EXAMPLE)
}

function asked(method: string, url: string): ExplainRequest {
  if (!/^[A-Z]{1,20}$/.test(method)) throw usageError(`"${method}" is not a method such as GET`, EXAMPLE)
  const isPath = url.startsWith('/')
  if (!isPath && !/^https?:\/\/[^/]/.test(url)) throw usageError(`"${url}" is not a URL`, EXAMPLE)
  return { kind: 'request', method, url, isPath }
}

const EXAMPLE = 'For example: space access explain GET http://notes-k2j3d4.space.localhost:7070/ping'
