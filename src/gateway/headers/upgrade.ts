import type { RequestHead } from '../../wire/index.ts'

/**
 * Whether the `Upgrade` of a request is passed on. Not to another version of HTTP: a client that speaks h2c with the app
 * through a raw pipe would send requests that are never judged.
 */
export const mayUpgrade = ({ upgrade }: RequestHead): boolean =>
  upgrade !== null && !/(?:^|[\s,])(?:h2c?|http|tls)\b/i.test(upgrade)
