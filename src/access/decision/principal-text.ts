import type { Principal } from '../types.ts'

/** `anonymous`, `app`, `key:<id>` or `user:<id>`. */
export function principalText(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
    case 'app':
      return principal.kind
    case 'key':
      return `key:${principal.id}`
    case 'user':
      return `user:${principal.userId}`
  }
}
