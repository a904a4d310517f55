import type { CommandSpec } from './command.ts'

/** Only a command's own file knows the types of its input. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyCommand = CommandSpec<any>

type Load = () => Promise<AnyCommand>

/** Every command by name, in the order of the help; a file is loaded on demand. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Your app': {
    new: async () => (await import('./commands/new.ts')).newApp,
    link: async () => (await import('./commands/link.ts')).link,
    validate: async () => (await import('./commands/validate.ts')).validate,
    push: async () => (await import('./commands/push.ts')).push,
  },
  'Running apps': {
    apps: async () => (await import('./commands/apps.ts')).apps,
    open: async () => (await import('./commands/open.ts')).open,
    sbom: async () => (await import('./commands/sbom.ts')).sbom,
    audit: async () => (await import('./commands/audit.ts')).audit,
    logs: async () => (await import('./commands/logs.ts')).logs,
    'access list': async () => (await import('./commands/access/list.ts')).listAccess,
    'access explain': async () => (await import('./commands/access/explain.ts')).explainAccess,
    'access close': async () => (await import('./commands/access/close.ts')).closeRoute,
    'access data': async () => (await import('./commands/access/data.ts')).limitData,
    'access reopen': async () => (await import('./commands/access/reopen.ts')).reopenRoute,
    'keys create': async () => (await import('./commands/keys/create.ts')).createKey,
    'keys list': async () => (await import('./commands/keys/list.ts')).listKeys,
    'keys rotate': async () => (await import('./commands/keys/rotate.ts')).rotateKey,
    'keys delete': async () => (await import('./commands/keys/delete.ts')).deleteKey,
    'domains list': async () => (await import('./commands/domains/list.ts')).listAppDomains,
    'domains add': async () => (await import('./commands/domains/add.ts')).addDomain,
    'domains check': async () => (await import('./commands/domains/check.ts')).checkAppDomain,
    'domains remove': async () => (await import('./commands/domains/remove.ts')).removeDomain,
    'collections list': async () => (await import('./commands/collections/list.ts')).listAllCollections,
    'collections create': async () => (await import('./commands/collections/create.ts')).createCollection,
    'collections rename': async () => (await import('./commands/collections/rename.ts')).renameCollection,
    'collections delete': async () => (await import('./commands/collections/delete.ts')).deleteCollection,
    'collections export': async () => (await import('./commands/collections/export.ts')).exportCollection,
    'collections import': async () => (await import('./commands/collections/import.ts')).importCollection,
    'data move': async () => (await import('./commands/collections/move.ts')).moveCollection,
    'data-keys list': async () => (await import('./commands/data-keys/list.ts')).listDataKeys,
    'data-keys create': async () => (await import('./commands/data-keys/create.ts')).createDataKey,
    'data-keys rotate': async () => (await import('./commands/data-keys/rotate.ts')).rotateDataKey,
    'data-keys delete': async () => (await import('./commands/data-keys/delete.ts')).deleteDataKey,
    delete: async () => (await import('./commands/delete.ts')).deleteApp,
  },
  'Your server': {
    serve: async () => (await import('./commands/serve.ts')).serve,
    doctor: async () => (await import('./commands/doctor.ts')).doctor,
    backup: async () => (await import('./commands/backup.ts')).backup,
    restore: async () => (await import('./commands/restore.ts')).restore,
    setup: async () => (await import('./commands/setup.ts')).setup,
    login: async () => (await import('./commands/login.ts')).login,
    'sessions list': async () => (await import('./commands/sessions/list.ts')).listSessions,
    'sessions revoke': async () => (await import('./commands/sessions/revoke.ts')).revokeSessions,
    logout: async () => (await import('./commands/logout.ts')).logout,
  },
  'This command': {
    version: async () => (await import('./commands/version.ts')).version,
    completion: async () => (await import('./commands/completion.ts')).completion,
  },
}

/** The first word of two-word commands, with its description. */
export const FAMILIES: Readonly<Record<string, string>> = {
  access: 'List, explain and restrict access to an app',
  keys: 'Create, list, rotate and delete API keys',
  domains: 'Add, verify and remove custom domains',
  collections: 'List, create, rename, delete, export and import collections of data',
  data: 'Move collections between stores',
  'data-keys': 'Create, list, replace and delete keys of a collection',
  sessions: 'List and revoke your browser sessions',
}

const ENTRIES = Object.entries(GROUPS).flatMap(([heading, commands]) =>
  Object.entries(commands).map(([name, load]) => ({ heading, name, load })),
)

export const COMMAND_NAMES: readonly string[] = ENTRIES.map(({ name }) => name)

export interface LoadedCommand {
  /** Heading in the help. */
  readonly heading: string
  readonly spec: AnyCommand
}

/** The commands that begin with this word; all commands when none does, for the help and for suggestions. */
export async function loadCommands(word: string | undefined): Promise<LoadedCommand[]> {
  const chosen = ENTRIES.filter(({ name }) => name === word || name.startsWith(`${word} `))
  const entries = chosen.length > 0 ? chosen : ENTRIES
  return await Promise.all(entries.map(async ({ heading, load }) => ({ heading, spec: await load() })))
}
