import { createHash } from 'node:crypto'
import type { Action, Description, Turn } from './description.ts'
import { escapeHtml, isSafeHref } from './escape.ts'
import { ICONS, MARK } from './icons.ts'
import { STYLE } from './style.ts'

/**
 * Nothing may load or run. The style sheet is allowed by its digest, so that injected markup cannot restyle the page.
 * Framing stays possible for the app itself: a page of an app may frame another one while the app starts.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

const WHOSE: Readonly<Record<Turn['whose'], string>> = {
  none: 'No action needed',
  you: 'What you can do',
  'app-owner': 'For the app’s owner',
  operator: 'For the server administrator',
}

/** The complete page: every text in it is escaped here and nowhere else. */
export function renderPage(description: Description, requestId: string | null): string {
  const { title, text, turn, icon, tone, action, log, retryAfterSeconds } = description
  const refresh =
    retryAfterSeconds === undefined
      ? ''
      : `\n<meta http-equiv="refresh" content="${Math.ceil(retryAfterSeconds)}">`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">${refresh}
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<div class="page${log ? ' wide' : ''}">
<p class="brand">${MARK}Ownspace</p>
<main class="card ${tone}">
<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${ICONS[icon]}</svg>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${inline(text)}</p>
${tone === 'busy' ? '<div class="progress" role="progressbar" aria-label="Waiting"></div>\n' : ''}<section class="turn">
<h2>${WHOSE[turn.whose]}</h2>
<p>${inline(turn.text)}</p>
</section>
${action ? renderAction(action) : ''}${log ? renderLog(log) : ''}</main>
<footer>${renderFooter(description, requestId)}</footer>
</div>
</body>
</html>
`
}

/** Texts may contain \`code\` in backticks. */
const inline = (text: string): string =>
  escapeHtml(text).replace(/`([^`\n]+)`/g, (_, code: string) => `<code>${code}</code>`)

/** Focusable, so that a keyboard can scroll it. */
const renderLog = (log: string): string =>
  `<section class="log"><h2>End of the log</h2>\n<div class="scroll" tabindex="0" role="group" aria-label="End of the log"><pre>${escapeHtml(log)}</pre></div></section>\n`

const renderAction = ({ label, href }: Action): string =>
  isSafeHref(href) ? `<p class="actions"><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></p>\n` : ''

function renderFooter({ status, error, refusal, whyUrl }: Description, requestId: string | null): string {
  return [
    `<span>${status} ${escapeHtml(error)}</span>`,
    requestId === null ? '' : idOf('Request', requestId),
    refusal === undefined || refusal === requestId ? '' : idOf('Refusal', refusal),
    whyUrl !== undefined && isSafeHref(whyUrl)
      ? `<span><a href="${escapeHtml(whyUrl)}">Explain this refusal (owner only)</a></span>`
      : '',
  ].join('')
}

const idOf = (name: string, id: string): string => `<span>${name} <code>${escapeHtml(id)}</code></span>`
