import type { LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

export function MenuContent({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align="end"
        sideOffset={6}
        collisionPadding={12}
        className="appear z-50 min-w-48 rounded-2xl border border-line bg-card p-1.5 shadow-float"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  )
}

interface MenuItemProps {
  icon: LucideIcon
  onSelect: () => void
  children: ReactNode
  tone?: 'plain' | 'danger'
}

export function MenuItem({ icon: Icon, onSelect, children, tone = 'plain' }: MenuItemProps) {
  const colours =
    tone === 'danger' ? 'text-danger data-highlighted:bg-danger-soft' : 'data-highlighted:bg-sunken'
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className={`flex h-10 items-center gap-3 rounded-xl px-3 text-sm outline-none select-none ${colours}`}
    >
      <Icon className="size-4 opacity-70" aria-hidden />
      {children}
    </DropdownMenu.Item>
  )
}

export const MenuSeparator = () => <DropdownMenu.Separator className="mx-2 my-1.5 h-px bg-line" />
