import type * as sdk from '../index.d.ts'
import { createBase } from './base.ts'
import type { Target } from './call.ts'
import { createDrive } from './drive.ts'
import { environment, type Service } from './environment.ts'

export { DataError } from './call.ts'

export function Deta(projectKey?: string, options: sdk.Options = {}): sdk.Deta {
  const { key, rootOf } = environment(projectKey, options)
  const collectionId = key?.split('_')[0] ?? 'app'
  const targetOf = (service: Service, name: string): Target => {
    if (name === '') throw new TypeError(`A ${service === 'base' ? 'Base' : 'Drive'} has a name`)
    return {
      root: `${rootOf(service)}/v1/${collectionId}/${encodeURIComponent(name)}`,
      headers: {
        ...(key !== undefined && { 'X-API-Key': key }),
        ...(options.identity !== undefined && { 'X-Space-Identity': options.identity }),
      },
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    }
  }
  return {
    Base: <Data extends object>(name: string) => createBase<Data>(targetOf('base', name)),
    Drive: (name) => createDrive(targetOf('drive', name)),
    // A request without an identity must not have more rights than a stranger's.
    for: (request) => Deta(projectKey, { ...options, identity: identityOf(request) ?? 'none' }),
  }
}

export const Base = <Data extends object = sdk.Json>(name: string): sdk.Base<Data> => Deta().Base(name)
export const Drive = (name: string): sdk.Drive => Deta().Drive(name)

function identityOf({ headers }: sdk.IncomingRequest): string | undefined {
  const value = headers instanceof Headers ? headers.get('x-space-identity') : headers['x-space-identity']
  return typeof value === 'string' ? value : undefined
}
