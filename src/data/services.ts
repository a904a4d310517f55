import type { DataService } from '../data-protocol/index.ts'

export type ServiceName = 'base' | 'drive'

export type DataServices = Readonly<Record<ServiceName, DataService>>

/** The first label of a data host, such as `drive.deta.sh`; null: another host. */
export function serviceOfHost(host: string): ServiceName | null {
  const [label] = host.split('.', 1)
  switch (label?.toLowerCase()) {
    case 'database':
      return 'base'
    case 'drive':
      return 'drive'
    default:
      return null
  }
}
