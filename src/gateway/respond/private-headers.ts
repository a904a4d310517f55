import type { LocalResponse } from './local-response.ts'

/** What a static app cannot say itself, and `response-headers.ts` says for apps that can. */
const FOR_ITS_OWN_PAGES = 'Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: SAMEORIGIN\r\n'

/** A private file, for nobody but pages of its own app, also where the browser does not say which page asks. */
export const privateAnswer = (answer: LocalResponse): LocalResponse => ({
  ...answer,
  moreLines: FOR_ITS_OWN_PAGES,
})
