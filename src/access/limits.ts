/** Bounds that keep a decision cheap whatever an app declares. Beyond them a public rule opens nothing. */
export const MAX_RULES = 1_000
export const MAX_PATTERN_LENGTH = 512
/** Rules with several stars, which have to be searched for one by one. */
export const MAX_MULTI_STAR_RULES = 64
/**
 * Session cookies that are looked at. A browser has one of its own; what else comes was planted, one for each path, and
 * must not hide it: more than browsers keep for a site (Chrome and Firefox 180, Safari 600).
 */
export const MAX_SESSION_TOKENS = 600
