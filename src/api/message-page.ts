import { PAGE_HEADERS } from './home/home-files.ts'

/** A page with one message and one link, for messages that no page of Home can show. */
export interface MessagePage {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly link: { readonly href: string; readonly label: string }
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { min-height: 100vh; margin: 0; display: grid; place-items: center }
  main { max-width: 26rem; padding: 2rem }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem }
`

/** Not cached, because the page is about one request. */
export function messagePage({ status, title, text, link }: MessagePage): Response {
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<main>
  <h1>${escapeHtml(title)}</h1>
  <p>${escapeHtml(text)}</p>
  <p><a href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>
</main>
`
  return new Response(body, {
    status,
    headers: { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!)
