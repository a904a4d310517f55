import { useQuery } from '@tanstack/react-query'
import { storageQuery } from '../api/queries.ts'
import { size } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'

/** Empty while there is enough free space. */
export function DiskNotice() {
  const { data: storage } = useQuery(storageQuery)
  if (!storage?.disk.is_nearly_full) return null
  return (
    <Notice tone="warn">
      The server's disk is nearly full: {size(storage.disk.available_bytes)} left. Delete apps that you do not
      need, or free space on the server.
    </Notice>
  )
}
