import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronDown, LogOut, UserRound } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { api } from '../api/client.ts'
import { queryClient } from '../api/queries.ts'
import type { User } from '../../contract/index.ts'
import { Logo } from '../ui/logo.tsx'
import { MenuContent, MenuItem } from '../ui/menu.tsx'

interface TopBarProps {
  user: User
  /** For pages that use the whole width. */
  isWide?: boolean
}

export function TopBar({ user, isWide = false }: TopBarProps) {
  const navigate = useNavigate()
  const signOut = async () => {
    await api('DELETE /session')
    // Nothing about this person stays in the page or in its cache.
    queryClient.clear()
    await navigate({ to: '/login', search: {} })
  }
  return (
    <header
      className={`mx-auto flex h-16 w-full shrink-0 items-center gap-2 px-5 sm:px-8 ${isWide ? 'max-w-[96rem]' : 'max-w-5xl'}`}
    >
      <Link to="/" search={{}} className="flex items-center gap-2.5 rounded-lg font-semibold tracking-tight">
        <Logo className="size-7" />
        Ownspace
      </Link>
      <nav aria-label="Home" className="mr-auto ml-2 flex">
        <Link
          to="/collections"
          className="flex h-9 items-center rounded-lg px-2.5 text-sm text-muted hover:bg-sunken hover:text-ink aria-[current=page]:text-ink"
        >
          Collections
        </Link>
      </nav>
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
