import type { MicroDraft } from './micro.ts'
import type { Report } from './report.ts'

const SEGMENT = /^[A-Za-z0-9._~-]+$/

/**
 * Mounts of the micros, by index: `/` for the primary one, else `path` or the name (COMPAT 1.7). Two micros on one path
 * are an error: it would be undefined whose rules decide a request.
 */
export function assignMounts(drafts: readonly MicroDraft[], primaryIndex: number, report: Report): string[] {
  const owners = new Map<string, string>()
  return drafts.map((draft, index) => {
    if (index === primaryIndex) {
      warnOfIgnoredPath(draft, report)
      return '/'
    }
    const mount = normalise(draft.path ?? '') ?? `/${draft.name ?? `micro-${index}`}`
    const at = draft.fields.get('path')?.value.at ?? draft.fields.at
    const fault = faultOfMount(mount, draft.path)
    if (fault !== null) report.error(at, fault.message, fault.hint)
    else if (owners.has(mount))
      report.error(
        at,
        `${owners.get(mount)} is mounted at \`${mount}\` too`,
        'give one of them another `path`',
      )
    else warnOfMountInRoutes(draft, mount, report)
    owners.set(mount, draft.fields.label)
    return mount
  })
}

function normalise(path: string): string | null {
  const trimmed = path.trim()
  if (trimmed === '') return null
  const rooted = trimmed.startsWith('/') ? trimmed : `/${trimmed}`
  return rooted.length > 1 && rooted.endsWith('/') ? rooted.slice(0, -1) : rooted
}

function faultOfMount(mount: string, path: string | null): { message: string; hint: string } | null {
  if (mount === '/')
    return {
      message: '`/` belongs to the primary micro',
      hint: 'give this micro another `path`, or make it `primary: true`',
    }
  const segments = mount.slice(1).split('/')
  if (segments.some((segment) => !SEGMENT.test(segment) || segment === '.' || segment === '..'))
    return {
      message: `\`${path ?? mount}\` cannot be the path of a micro`,
      hint: 'use plain segments such as `api` or `api/v1`',
    }
  if (segments[0] === '__space')
    return { message: '`/__space` belongs to the platform', hint: 'choose another `path`' }
  return null
}

function warnOfIgnoredPath(draft: MicroDraft, report: Report): void {
  if (draft.path === null || normalise(draft.path) === '/') return
  report.warning(
    draft.fields.get('path')!.at,
    '`path` is ignored on the primary micro, which is always at `/`',
    'remove it',
  )
}

/** The most common mistake: routes are relative to the micro, `/public` and not `/api/public`. */
function warnOfMountInRoutes(draft: MicroDraft, mount: string, report: Report): void {
  const doubled = draft.rest?.publicRoutes.find((route) => route.startsWith(`${mount}/`) || route === mount)
  if (doubled === undefined) return
  report.warning(
    draft.fields.get('public_routes')!.at,
    `\`${doubled}\` opens \`${mount}${doubled}\`: routes are relative to the micro's own path`,
    `if \`${doubled}\` is the full path, write \`${doubled.slice(mount.length) || '/'}\``,
  )
}
