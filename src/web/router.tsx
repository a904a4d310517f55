import {
  type AnyRoute,
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { queryClient, statusQuery } from './api/queries.ts'
import { NotFoundPage, OfflinePage } from './pages/problem.tsx'
import { type ReturnTarget, returnTarget } from './pages/return-target.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: OfflinePage,
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.tsx'), 'SetupPage'),
  beforeLoad: async () => {
    if ((await queryClient.ensureQueryData(statusQuery)).setup === 'done') throw redirect({ to: '/' })
  },
})

export interface LoginSearch {
  redirect_uri?: string
  /** Another person wants to sign in instead of the current one. */
  switch?: '1'
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./pages/login.tsx'), 'LoginPage'),
  validateSearch: (search): LoginSearch => ({
    redirect_uri: text(search.redirect_uri),
    switch: search.switch === '1' ? '1' : undefined,
  }),
  beforeLoad: async ({ search }) => {
    const status = await queryClient.ensureQueryData(statusQuery)
    if (status.setup === 'needed') throw redirect({ to: '/setup' })
    // A person who is signed in already skips the form, unless another person wants to sign in.
    if (status.user && !search.switch) leaveTo(returnTarget(search.redirect_uri, location.href))
  },
})

function leaveTo(target: ReturnTarget): never | void {
  if (target.kind === 'home') throw redirect({ href: target.href })
  location.replace(target.href)
}

/** All routes below need a session; without one, Home redirects to sign-in and back. */
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

const TABS = ['general', 'access', 'keys', 'domains', 'logs'] as const

export interface HorizonSearch {
  /** Instance whose settings are open. */
  app?: string
  tab?: (typeof TABS)[number]
}

const horizon = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/horizon.tsx'), 'HorizonPage'),
  validateSearch: (search): HorizonSearch => ({
    app: text(search.app),
    tab: TABS.find((tab) => tab === search.tab),
  }),
})

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
})

const collections = createRoute({
  getParentRoute: () => signedIn,
  path: '/collections',
  component: lazyRouteComponent(() => import('./pages/collections.tsx'), 'CollectionsPage'),
})

const VIEWS = ['base', 'drive', 'keys', 'settings'] as const

export interface CollectionSearch {
  view?: (typeof VIEWS)[number]
  base?: string
  drive?: string
  /** Of the Drive; ends in `/`. */
  folder?: string
}

const collection = createRoute({
  getParentRoute: () => signedIn,
  path: '/collections/$id',
  component: lazyRouteComponent(() => import('./pages/collection.tsx'), 'CollectionPage'),
  validateSearch: (search): CollectionSearch => ({
    view: VIEWS.find((view) => view === search.view),
    base: text(search.base),
    drive: text(search.drive),
    folder: text(search.folder),
  }),
})

const approve = createRoute({
  getParentRoute: () => signedIn,
  path: '/cli',
  component: lazyRouteComponent(() => import('./pages/approve.tsx'), 'ApprovePage'),
})

const refusal = createRoute({
  getParentRoute: () => signedIn,
  path: '/refusals/$id',
  component: lazyRouteComponent(() => import('./pages/refusal.tsx'), 'RefusalPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    login,
    signedIn.addChildren([horizon, collections, collection, account, approve, refusal]),
  ]),
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

/** Loads the code of the requested page while the request for the current user is in progress. */
export function preloadPage(): void {
  const routes: Readonly<Record<string, AnyRoute>> = router.routesById
  for (const { routeId } of router.matchRoutes(router.latestLocation))
    void router.loadRouteChunk(routes[routeId]!)
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
