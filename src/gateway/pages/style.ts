/** The style sheet, in Home's palette. Text meets WCAG AA in both schemes; reduced motion is respected. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fafafa;--card:#fff;--sunken:#f4f4f5;--line:#e4e4e7;--ink:#18181b;--muted:#63636c;
--accent:#5f4cf0;--accent-strong:#4c3ad6;--accent-soft:#efedff;--on-accent:#fff;--danger:#c81e3a;--danger-soft:#fdeef0;
--shadow:0 1px 2px rgb(0 0 0/.04),0 8px 28px -8px rgb(0 0 0/.1)}
@media(prefers-color-scheme:dark){:root{--page:#09090b;--card:#131316;--sunken:#1b1b1f;--line:#27272a;--ink:#f4f4f5;
--muted:#a1a1aa;--accent:#8b7dff;--accent-strong:#a79cff;--accent-soft:#221d45;--on-accent:#09090b;--danger:#ff7285;
--danger-soft:#34151b;--shadow:0 1px 2px rgb(0 0 0/.4),0 16px 40px -12px rgb(0 0 0/.6)}}
*{box-sizing:border-box}
html{height:100%;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:32px 20px;background:var(--page);color:var(--ink);
font:16px/1.55 "Inter Variable",Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,
sans-serif;-webkit-font-smoothing:antialiased}
.page{width:100%;max-width:460px}
.page.wide{max-width:760px}
.brand{display:flex;align-items:center;gap:8px;margin:0 0 16px 2px;font-size:14px;font-weight:600;color:var(--muted)}
.brand svg{width:22px;height:22px}
.card{padding:32px;background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);
overflow-wrap:anywhere}
.icon{display:block;width:44px;height:44px;padding:10px;border-radius:12px;background:var(--sunken);color:var(--muted);
fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.busy .icon{background:var(--accent-soft);color:var(--accent)}
.fault .icon{background:var(--danger-soft);color:var(--danger)}
h1{margin:20px 0 8px;font-size:24px;line-height:1.25;font-weight:600;letter-spacing:-.02em;text-wrap:balance}
.lead{margin:0;color:var(--muted);white-space:pre-line;text-wrap:pretty}
.turn{margin-top:24px;padding-top:20px;border-top:1px solid var(--line)}
.progress+.turn{padding-top:0;border:0}
h2{margin:0 0 2px;font-size:14px;line-height:1.5;font-weight:600}
.turn p{margin:0;font-size:15px;color:var(--muted);text-wrap:pretty}
code,pre{font-family:ui-monospace,"SF Mono","Cascadia Code","JetBrains Mono",Menlo,Consolas,monospace}
.card p code{display:inline-block;max-width:100%;padding:0 .4em;border-radius:6px;background:var(--sunken);color:var(--ink);
font-size:.86em}
.actions{margin:24px 0 0}
.actions a{display:inline-block;padding:9px 16px;border-radius:12px;background:var(--accent);color:var(--on-accent);
font-size:15px;font-weight:500;text-decoration:none}
.actions a:hover{background:var(--accent-strong)}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.progress{height:4px;margin-top:28px;border-radius:4px;background:var(--accent-soft);overflow:hidden}
.progress::after{content:"";display:block;width:40%;height:100%;border-radius:4px;background:var(--accent);
animation:slide 1.8s -.5s cubic-bezier(.45,0,.55,1) infinite}
@keyframes slide{from{transform:translateX(-100%)}to{transform:translateX(250%)}}
.log{margin-top:28px}
/* Reversed, so that it opens scrolled to its end. */
.scroll{display:flex;flex-direction:column-reverse;max-height:340px;overflow:auto;margin-top:8px;
border:1px solid var(--line);border-radius:10px;background:var(--sunken)}
pre{margin:0;padding:14px 16px;font-size:13px;line-height:1.6;white-space:pre-wrap}
footer{display:flex;flex-wrap:wrap;gap:2px 18px;margin:16px 2px 0;font-size:13px;color:var(--muted)}
footer code{font-size:12px;user-select:all}
footer a{color:var(--accent)}
@media(max-width:480px){body{place-items:start center;padding-top:24px}.card{padding:24px}h1{font-size:22px}
.actions a{display:block;text-align:center}}
@media(prefers-reduced-motion:reduce){.progress::after{animation:none;width:100%;opacity:.5}}
@media(forced-colors:active){.actions a{border:1px solid}.progress::after{background:Highlight}}
`
