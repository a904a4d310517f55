/** Bounds that keep a decision cheap for any declaration of an app. A public rule beyond them opens nothing. */
export const MAX_RULES = 1_000
export const MAX_PATTERN_LENGTH = 512
/** Rules with several stars, which have to be searched for one by one. */
export const MAX_MULTI_STAR_RULES = 64
/**
 * Number of session cookies that are checked. A browser has one from us; others were planted, one for each path, and
 * must not hide it. The bound is above what browsers keep for a site (Chrome and Firefox 180, Safari 600).
 */
export const MAX_SESSION_TOKENS = 600
