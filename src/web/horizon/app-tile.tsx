import { useNavigate } from '@tanstack/react-router'
import { Database, Ellipsis, ExternalLink, Globe, KeyRound, ScrollText, Settings } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { Instance } from '../../contract/index.ts'
import type { HorizonSearch } from '../router.tsx'
import { MenuContent, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { AppIcon } from './app-icon.tsx'

const STATUS: Record<Instance['status'], { label: string; dot: string }> = {
  running: { label: 'Running', dot: 'bg-ok' },
  asleep: { label: 'Asleep, starts when opened', dot: 'bg-line-strong' },
  starting: { label: 'Starting', dot: 'bg-warn animate-pulse' },
  updating: { label: 'Updating', dot: 'bg-warn animate-pulse' },
  crashed: { label: 'Crashed, see the log', dot: 'bg-danger' },
}

interface AppTileProps {
  instance: Instance
  onOpen: (tab: HorizonSearch['tab']) => void
}

/** One app: a click opens it in a new tab; the menu `…` has everything else (COMPAT 6.4). */
export function AppTile({ instance, onOpen }: AppTileProps) {
  const status = STATUS[instance.status]
  const navigate = useNavigate()
  const viewData = () =>
    void navigate({ to: '/collections/$id', params: { id: instance.collection_id }, search: {} })
  return (
    <li className="group relative">
      <a href={instance.url} target="_blank" rel="noreferrer" className="block rounded-2xl">
        <AppIcon
          instance={instance}
          className="w-full shadow-card transition-transform duration-200 group-hover:-translate-y-0.5"
        />
        <span className="mt-3 flex items-center gap-2">
          <span
            role="img"
            aria-label={status.label}
            title={status.label}
            className={`size-2 shrink-0 rounded-full ${status.dot}`}
          />
          <span className="truncate text-sm font-medium">{instance.app_name}</span>
          {instance.channel === 'development' && <DevBadge />}
        </span>
        <span className="mt-0.5 block truncate text-[13px] leading-5 text-muted">
          {instance.status === 'updating' ? 'Updating …' : subtitle(instance)}
        </span>
      </a>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          aria-label={`More about ${instance.app_name}`}
          className="absolute top-0 right-0 m-2 grid aspect-square size-8 place-items-center rounded-xl bg-black/25 text-white opacity-0 backdrop-blur-sm transition-opacity group-hover:opacity-100 hover:bg-black/45 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
        >
          <Ellipsis className="size-4.5" aria-hidden />
        </DropdownMenu.Trigger>
        <MenuContent>
          <MenuItem icon={ExternalLink} onSelect={() => window.open(instance.url, '_blank', 'noreferrer')}>
            Open
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={Database} onSelect={viewData}>
            View Data
          </MenuItem>
          <MenuItem icon={ScrollText} onSelect={() => onOpen('logs')}>
            View Logs
          </MenuItem>
          <MenuItem icon={Globe} onSelect={() => onOpen('access')}>
            Access
          </MenuItem>
          <MenuItem icon={KeyRound} onSelect={() => onOpen('keys')}>
            Keys
          </MenuItem>
          <MenuItem icon={Settings} onSelect={() => onOpen('general')}>
            Settings
          </MenuItem>
        </MenuContent>
      </DropdownMenu.Root>
    </li>
  )
}

function subtitle({ public_routes: open }: Instance): string {
  if (open.length === 0) return 'Private'
  return open.length === 1 ? '1 public route' : `${open.length} public routes`
}

const DevBadge = () => (
  <span
    title="Development instance: every push updates it"
    className="rounded-md bg-accent-soft px-1.5 py-0.5 text-[10px] leading-3 font-semibold tracking-wide text-accent"
  >
    DEV
  </span>
)
