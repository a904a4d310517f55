import type { LocalResponse } from './local-response.ts'

/** Headers that a static app cannot set itself; `response-headers.ts` adds them for other apps. */
const FOR_ITS_OWN_PAGES = 'Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: SAMEORIGIN\r\n'

/** A private file can be read only by pages of its own app, even if the browser does not send the page's origin. */
export const privateAnswer = (answer: LocalResponse): LocalResponse => ({
  ...answer,
  moreLines: FOR_ITS_OWN_PAGES,
})
