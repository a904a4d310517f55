import type { Options } from '../index.d.ts'

export type Service = 'base' | 'drive'

export interface Environment {
  /** Undefined on a page: its session opens the data. */
  readonly key: string | undefined
  rootOf(service: Service): string
}

const HOSTS = { base: 'https://database.deta.sh', drive: 'https://drive.deta.sh' } as const

/** Where the data is. Pages never leave their own origin unless an option says so: a data key is not for other hosts. */
export function environment(given: string | undefined, { database, drive }: Options): Environment {
  const variables = globalThis.process?.env ?? {}
  const key = given ?? variables.DETA_PROJECT_KEY
  const page = globalThis.window?.location
  if (key === undefined && page === undefined)
    throw new TypeError('There is no data key: pass one to Deta(), or set DETA_PROJECT_KEY')
  if (key !== undefined && !/^[^_]+_[^_]+$/.test(key))
    throw new TypeError('A data key has the form <collection>_<secret>')
  const chosen = { base: database, drive }
  const set = { base: variables.DETA_BASE_HOST, drive: variables.DETA_DRIVE_HOST }
  return {
    key,
    rootOf(service) {
      const option = chosen[service]?.replace(/\/$/, '')
      if (option !== undefined) return option
      if (page !== undefined)
        return `${page.origin}/__space/v0/${key === undefined ? '' : 'keyed/'}${service}`
      return set[service] ? `https://${set[service]}` : HOSTS[service]
    },
  }
}
