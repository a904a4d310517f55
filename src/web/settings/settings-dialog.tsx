import { Globe, KeyRound, Link2, type LucideIcon, ScrollText, Settings } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { Instance } from '../../contract/index.ts'
import { AppIcon } from '../horizon/app-icon.tsx'
import type { HorizonSearch } from '../router.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { AccessTab } from './access/access-tab.tsx'
import { DomainsTab } from './domains/domains-tab.tsx'
import { GeneralTab } from './general-tab.tsx'
import { KeysTab } from './keys/keys-tab.tsx'
import { LogsTab } from './logs-tab.tsx'

type Tab = NonNullable<HorizonSearch['tab']>

const TABS: readonly { id: Tab; label: string; icon: LucideIcon }[] = [
  { id: 'general', label: 'General', icon: Settings },
  { id: 'access', label: 'Access', icon: Globe },
  { id: 'keys', label: 'Keys', icon: KeyRound },
  { id: 'domains', label: 'Domains', icon: Link2 },
  { id: 'logs', label: 'Logs', icon: ScrollText },
]

interface SettingsDialogProps {
  instance: Instance
  tab: Tab
  onTab: (tab: Tab) => void
  onClose: () => void
}

export function SettingsDialog({ instance, tab, onTab, onClose }: SettingsDialogProps) {
  const title = (
    <span className="flex items-center gap-3">
      <AppIcon instance={instance} className="w-8" size="small" />
      <span className="truncate">{instance.app_name}</span>
    </span>
  )
  return (
    <Dialog title={title} onClose={onClose} size="wide">
      <Tabs.Root value={tab} onValueChange={(value) => onTab(value as Tab)} className="flex min-h-0 flex-col">
        <Tabs.List
          aria-label="Settings"
          className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-4"
        >
          {TABS.map(({ id, label, icon: Icon }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="-mb-px flex h-11 items-center gap-2 border-b-2 border-transparent px-2.5 text-sm text-muted hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              <Icon className="hidden size-4 sm:block" aria-hidden />
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <div className="h-[40rem] min-h-0 overflow-y-auto px-5 py-5">
          <Tabs.Content value="general">
            <GeneralTab instance={instance} onDeleted={onClose} />
          </Tabs.Content>
          <Tabs.Content value="access">
            <AccessTab instance={instance} />
          </Tabs.Content>
          <Tabs.Content value="keys">
            <KeysTab instance={instance} />
          </Tabs.Content>
          <Tabs.Content value="domains">
            <DomainsTab instance={instance} />
          </Tabs.Content>
          <Tabs.Content value="logs">
            <LogsTab instance={instance} />
          </Tabs.Content>
        </div>
      </Tabs.Root>
    </Dialog>
  )
}
