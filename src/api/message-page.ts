import { createHash } from 'node:crypto'
import { PAGE_HEADERS } from './home/home-files.ts'

/** A page with one message and one link, for answers that no page of Home can show. */
export interface MessagePage {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly link: { readonly href: string; readonly label: string }
}

/** In Home's palette, like the gateway's own pages. */
const STYLE = `
:root{color-scheme:light dark;--page:#fafafa;--card:#fff;--line:#e4e4e7;--ink:#18181b;--muted:#63636c;--accent:#5f4cf0;
--accent-strong:#4c3ad6;--on-accent:#fff}
@media(prefers-color-scheme:dark){:root{--page:#09090b;--card:#131316;--line:#27272a;--ink:#f4f4f5;--muted:#a1a1aa;
--accent:#8b7dff;--accent-strong:#a79cff;--on-accent:#09090b}}
*{box-sizing:border-box}
html{height:100%;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:32px 20px;background:var(--page);color:var(--ink);
font:16px/1.55 "Inter Variable",Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,
sans-serif;-webkit-font-smoothing:antialiased}
div{width:100%;max-width:460px}
.brand{margin:0 0 16px 2px;font-size:14px;font-weight:600;color:var(--muted)}
main{padding:32px;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow-wrap:anywhere}
h1{margin:0 0 8px;font-size:24px;line-height:1.25;font-weight:600;letter-spacing:-.02em;text-wrap:balance}
main p{margin:0;color:var(--muted);text-wrap:pretty}
main p+p{margin-top:24px}
a{display:inline-block;padding:9px 16px;border-radius:12px;background:var(--accent);color:var(--on-accent);font-size:15px;
font-weight:500;text-decoration:none}
a:hover{background:var(--accent-strong)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media(max-width:480px){body{place-items:start center;padding-top:24px}main{padding:24px}h1{font-size:22px}
a{display:block;text-align:center}}
@media(forced-colors:active){a{border:1px solid}}
`

/** Home's policy with this one style sheet, by its digest: without it the browser would show the page unstyled. */
const POLICY = PAGE_HEADERS['Content-Security-Policy'].replace(
  "style-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
)

/** Never cached: the page answers one request. */
export function messagePage({ status, title, text, link }: MessagePage): Response {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<div>
<p class="brand">Ownspace</p>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>
</main>
</div>
</body>
</html>
`
  return new Response(body, {
    status,
    headers: {
      ...PAGE_HEADERS,
      'Content-Security-Policy': POLICY,
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
    },
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
