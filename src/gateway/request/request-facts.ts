import { cookieValues, originOf, type RequestFacts } from '../../access/index.ts'
import type { RequestHead } from '../../wire/index.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { mayUpgrade } from '../headers/upgrade.ts'

/** The input of the decision, cached for a repeated header section. */
export function factsOf(
  { request, headerCache }: Exchange,
  { settings, cookieNames }: GatewayContext,
): RequestFacts {
  const known = headerCache.facts
  if (known !== null && known.method === request.method && known.isUpgrade === mayUpgrade(request))
    return known
  return (headerCache.facts = readFacts(request, settings.scheme, cookieNames.session))
}

/** The input of the decision, read from the head in one pass. */
function readFacts(request: RequestHead, scheme: 'http' | 'https', sessionCookie: string): RequestFacts {
  const appKeys: string[] = []
  const apiKeys: string[] = []
  const sessionTokens: string[] = []
  const once = {
    origin: null,
    'sec-fetch-site': null,
    'sec-fetch-mode': null,
    'sec-fetch-dest': null,
    accept: null,
  }
  const values: Record<keyof typeof once, string | null> = once
  // A field's value becomes a string at the first access, so only the needed ones are read.
  for (const field of request.fields) {
    const { key } = field
    switch (key) {
      case 'x-space-app-key':
        appKeys.push(field.value)
        break
      case 'x-api-key':
        apiKeys.push(field.value)
        break
      case 'cookie':
        sessionTokens.push(...cookieValues(field.value, sessionCookie))
        break
      case 'origin':
      case 'sec-fetch-site':
      case 'sec-fetch-mode':
      case 'sec-fetch-dest':
      case 'accept':
        values[key] = values[key] === null ? field.value : `${values[key]}, ${field.value}`
    }
  }
  return {
    method: request.method,
    origin: originOf(scheme, request.host),
    isUpgrade: mayUpgrade(request),
    appKeys,
    apiKeys,
    sessionTokens,
    originHeader: values.origin,
    secFetchSite: values['sec-fetch-site'],
    secFetchMode: values['sec-fetch-mode'],
    secFetchDest: values['sec-fetch-dest'],
    accept: values.accept,
  }
}

/** Value of a header by its lower-case name, repeated fields joined; null if there is none. */
export function headerValue(request: RequestHead, key: string): string | null {
  let value: string | null = null
  for (const field of request.fields) {
    if (field.key === key) value = value === null ? field.value : `${value}, ${field.value}`
  }
  return value
}
