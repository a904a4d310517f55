/** The kinds of resources, with the path parameters that name them; a nested resource has the ids of both. */
export const RESOURCES = {
  app: { ids: ['id'], is: 'an app' },
  build: { ids: ['id'], is: 'a build' },
  release: { ids: ['id'], is: 'a release' },
  installation: { ids: ['id'], is: 'an installation' },
  instance: { ids: ['id'], is: 'an instance' },
  collection: { ids: ['id'], is: 'a collection' },
  'data-key': { ids: ['id', 'key'], is: 'a data key of a collection' },
  'project-key': { ids: ['id', 'name'], is: 'a project key of an app' },
  key: { ids: ['id', 'key'], is: 'an API key of an instance' },
  domain: { ids: ['id', 'domain'], is: 'a custom domain of an instance' },
  session: { ids: ['id'], is: 'a session of Home' },
  'access-token': { ids: ['id'], is: 'an access token' },
  refusal: { ids: ['id'], is: 'a refused request to an instance' },
  /** Named by a URL, not by an id. */
  address: { ids: ['url'], is: 'an address of an instance' },
} as const satisfies Record<string, { readonly ids: readonly string[]; readonly is: string }>

export type ResourceKind = keyof typeof RESOURCES

/**
 * The resource that a call names: by the parameters of its path, or by one field of its query or body. `none` says why the
 * call names no resource that could belong to another person.
 */
export type CallResource =
  | ResourceKind
  | { readonly kind: ResourceKind; readonly in: 'query' | 'body'; readonly field: string }
  | { readonly none: string }

/** The kind of a row's resource; null for a call that names none. */
export function kindOf(resource: CallResource): ResourceKind | null {
  if (typeof resource === 'string') return resource
  return 'kind' in resource ? resource.kind : null
}

export const OWN_LIST = { none: 'Lists only what the caller owns.' } as const
export const OWN_ACCOUNT = { none: 'Concerns only the account of the caller.' } as const
export const NO_ACCOUNT = { none: 'Public: it neither shows nor changes data of a person.' } as const
