/** Drawn on a 24 by 24 grid with round strokes. Attributes only: the page's policy allows no inline style. */
export const ICONS = {
  compass: '<circle cx="12" cy="12" r="9"/><path d="m15.6 8.4-2.1 5.1-5.1 2.1 2.1-5.1z"/>',
  lock: '<rect x="4.5" y="10.5" width="15" height="10" rx="2.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
  key: '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.2 2"/>',
  weight:
    '<path d="M12 15.5V4m0 0L7.5 8.5M12 4l4.5 4.5"/><path d="M4 15.5v2A2.5 2.5 0 0 0 6.5 20h11a2.5 2.5 0 0 0 2.5-2.5v-2"/>',
  sunrise:
    '<path d="M3 18.5h18M7 18.5a5 5 0 0 1 10 0M12 4v4.5M9.5 6.5 12 4l2.5 2.5M4.600 11.600l1.5 1.5M19.400 11.600l-1.5 1.5"/>',
  unplugged:
    '<path d="M8 3.5v4M14 3.5v4M5.5 7.5h11v3a5.5 5.5 0 0 1-11 0zM11 16v1.5a3 3 0 0 0 3 3h.5M18 20.5h.01M21 20.5h.01"/>',
  broken: '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16.200h.01"/>',
} as const

export type IconName = keyof typeof ICONS

/** The mark of Home: a tile with one large corner. */
export const MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">' +
  '<stop stop-color="#8b7dff"/><stop offset="1" stop-color="#5b3df5"/></linearGradient></defs>' +
  '<path d="M18 3h8a3 3 0 0 1 3 3v20a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3v-8A15 15 0 0 1 18 3Z" fill="url(#g)"/>' +
  '<circle cx="18.5" cy="18.5" r="5" fill="none" stroke="#fff" stroke-width="2.6"/></svg>'
