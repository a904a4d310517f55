import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronDown, LogOut, UserRound } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { api } from '../api/client.ts'
import { queryClient } from '../api/queries.ts'
import type { User } from '../../contract/index.ts'
import { Logo } from '../ui/logo.tsx'
import { MenuContent, MenuItem } from '../ui/menu.tsx'

export function TopBar({ user }: { user: User }) {
  const navigate = useNavigate()
  const signOut = async () => {
    await api('DELETE /session')
    // Nothing about this person stays in the page or in its cache.
    queryClient.clear()
    await navigate({ to: '/login', search: {} })
  }
  return (
    <header className="mx-auto flex h-16 max-w-5xl items-center justify-between px-5 sm:px-8">
      <Link to="/" search={{}} className="flex items-center gap-2.5 rounded-lg font-semibold tracking-tight">
        <Logo className="size-7" />
        Ownspace
      </Link>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="flex h-10 items-center gap-1.5 rounded-xl px-3 text-sm text-muted hover:bg-sunken hover:text-ink data-[state=open]:bg-sunken data-[state=open]:text-ink">
          {user.username}
          <ChevronDown className="size-4" aria-hidden />
        </DropdownMenu.Trigger>
        <MenuContent>
          <MenuItem icon={UserRound} onSelect={() => void navigate({ to: '/account' })}>
            Account
          </MenuItem>
          <MenuItem icon={LogOut} onSelect={() => void signOut()}>
            Sign out
          </MenuItem>
        </MenuContent>
      </DropdownMenu.Root>
    </header>
  )
}
