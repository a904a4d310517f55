import { Outlet, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { queryClient, statusQuery } from './api/queries.ts'
import { AccountPage } from './pages/account.tsx'
import { ApprovePage } from './pages/approve.tsx'
import { HorizonPage } from './pages/horizon.tsx'
import { LoginPage } from './pages/login.tsx'
import { NotFoundPage, OfflinePage } from './pages/problem.tsx'
import { type ReturnTarget, returnTarget } from './pages/return-target.ts'
import { SetupPage } from './pages/setup.tsx'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: OfflinePage,
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: SetupPage,
  beforeLoad: async () => {
    if ((await queryClient.ensureQueryData(statusQuery)).setup === 'done') throw redirect({ to: '/' })
  },
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: LoginPage,
  validateSearch: (search): { redirect_uri?: string } => ({ redirect_uri: text(search.redirect_uri) }),
  beforeLoad: async ({ search }) => {
    const status = await queryClient.ensureQueryData(statusQuery)
    if (status.setup === 'needed') throw redirect({ to: '/setup' })
    // Somebody who is signed in already does not have to look at a form.
    if (status.user) leaveTo(returnTarget(search.redirect_uri, location.href))
  },
})

function leaveTo(target: ReturnTarget): never | void {
  if (target.kind === 'home') throw redirect({ href: target.href })
  location.replace(target.href)
}

/** Everything below needs the owner; others are sent to sign in and come back to where they were going. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const status = await queryClient.ensureQueryData(statusQuery)
    if (status.setup === 'needed') throw redirect({ to: '/setup' })
    if (!status.user)
      throw redirect({
        to: '/login',
        search: { redirect_uri: location.href === '/' ? undefined : location.href },
      })
    return { user: status.user }
  },
})

export interface HorizonSearch {
  /** Instance whose settings are open. */
  app?: string
  tab?: 'general' | 'access' | 'keys' | 'logs'
}
const TABS = ['general', 'access', 'keys', 'logs'] as const

const horizon = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: HorizonPage,
  validateSearch: (search): HorizonSearch => ({
    app: text(search.app),
    tab: TABS.find((tab) => tab === search.tab),
  }),
})

const account = createRoute({ getParentRoute: () => signedIn, path: '/account', component: AccountPage })

const approve = createRoute({
  getParentRoute: () => signedIn,
  path: '/cli',
  component: ApprovePage,
  validateSearch: (search): { code?: string } => ({ code: text(search.code) }),
})

export const router = createRouter({
  routeTree: root.addChildren([setup, login, signedIn.addChildren([horizon, account, approve])]),
  defaultPreload: 'intent',
  // Search values are plain text: the default would turn `?code=1234` into a number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    )
    return pairs.length ? `?${new URLSearchParams(pairs)}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
