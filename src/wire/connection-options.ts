/** Members of Connection fields (RFC 9110, 7.6.1): options of the connection, and names of fields for this hop. */

export const NO_MEMBERS: readonly string[] = []
const KEEP_ALIVE: readonly string[] = ['keep-alive']

/** `members` and those of another Connection field, in lower case. */
export function joinMembers(members: readonly string[], value: string): readonly string[] {
  if (value === 'keep-alive' && members.length === 0) return KEEP_ALIVE
  const more = value
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
  return members.concat(more)
}

const OPTIONS = new Set(['close', 'keep-alive', 'upgrade'])

/** The members that name fields. */
export const namedFields = (members: readonly string[]): readonly string[] =>
  members === KEEP_ALIVE || members.length === 0
    ? NO_MEMBERS
    : members.filter((member) => !OPTIONS.has(member))
