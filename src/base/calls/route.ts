import { type DataCall, dataError, readOnly } from '../../data-protocol/index.ts'
import type { Soon } from '../../kernel/soon.ts'
import { invalid } from '../fault.ts'
import type { CallContext } from './context.ts'
import { insertItem } from './insert-item.ts'
import { deleteItem, getItem } from './one-item.ts'
import { putItems } from './put-items.ts'
import { queryItems } from './query-items.ts'
import { updateItem } from './update-item.ts'

interface Call {
  readonly writes: boolean
  readonly run: (context: CallContext, key: string) => Soon<Response>
}

const ON_ITEMS: Readonly<Record<string, Call>> = {
  PUT: { writes: true, run: putItems },
  POST: { writes: true, run: insertItem },
}
const ON_ITEM: Readonly<Record<string, Call>> = {
  GET: { writes: false, run: getItem },
  DELETE: { writes: true, run: deleteItem },
  PATCH: { writes: true, run: updateItem },
}
const ON_QUERY: Readonly<Record<string, Call>> = { POST: { writes: false, run: queryItems } }

const ITEM = '/items/'

/** The call that a request is. Throws BaseFault for a key that cannot be decoded. */
export function runCall(context: CallContext, { path, request, mayWrite }: DataCall): Soon<Response> {
  const calls = callsOf(path)
  if (!calls) return dataError(404, 'There is no such call')
  const { method } = request
  const call = Object.hasOwn(calls, method) ? calls[method]! : null
  if (!call) return notAllowed(calls)
  if (call.writes && !mayWrite) return readOnly()
  return call.run(context, calls === ON_ITEM ? decodeKey(path.slice(ITEM.length)) : '')
}

function callsOf(path: string): Readonly<Record<string, Call>> | null {
  if (path === '/items') return ON_ITEMS
  if (path === '/query') return ON_QUERY
  return path.length > ITEM.length && path.startsWith(ITEM) ? ON_ITEM : null
}

function notAllowed(calls: Readonly<Record<string, Call>>): Response {
  const response = dataError(405, 'This method is not allowed here')
  response.headers.set('allow', Object.keys(calls).join(', '))
  return response
}

function decodeKey(encoded: string): string {
  if (!encoded.includes('%')) return encoded
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw invalid('The key in the address is not valid percent-encoded UTF-8')
  }
}
