/** The one style sheet. Colours meet WCAG AA on their ground in both schemes; motion stops when asked to. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fafafa;--card:#fff;--line:#e4e4e7;--ink:#18181b;--soft:#52525b;--faint:#71717a;
--accent:#6d5efc;--on-accent:#fff;--tint:#f1efff;--fault:#be123c;--fault-tint:#fff1f3;--well:#f4f4f5;
--shadow:0 1px 2px rgb(24 24 27/.04),0 12px 32px -12px rgb(24 24 27/.12)}
@media(prefers-color-scheme:dark){:root{--ground:#09090b;--card:#131316;--line:#27272a;--ink:#fafafa;--soft:#a1a1aa;
--faint:#8b8b95;--accent:#8b7dff;--on-accent:#0e0b24;--tint:#1e1a3a;--fault:#fb7185;--fault-tint:#2c1219;--well:#0c0c0e;
--shadow:0 1px 2px rgb(0 0 0/.4),0 16px 40px -12px rgb(0 0 0/.6)}}
*{box-sizing:border-box}
html{height:100%;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:32px 20px;background:var(--ground);color:var(--ink);
font:16px/1.55 Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
-webkit-font-smoothing:antialiased}
.page{width:100%;max-width:460px}
.wide{max-width:760px}
.brand{display:flex;align-items:center;gap:9px;margin:0 0 18px 4px;font-size:14px;font-weight:600;letter-spacing:-.005em;
color:var(--soft)}
.mark{width:18px;height:18px;border-radius:10px 4px 4px 4px;background:linear-gradient(135deg,#a89eff,#6d5efc 70%)}
.card{padding:32px;background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);
overflow-wrap:anywhere}
.icon{display:block;width:44px;height:44px;padding:10px;border-radius:12px;background:var(--well);color:var(--soft);
fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.busy .icon{background:var(--tint);color:var(--accent)}
.fault .icon{background:var(--fault-tint);color:var(--fault)}
h1{margin:20px 0 8px;font-size:24px;line-height:1.25;font-weight:650;letter-spacing:-.02em;text-wrap:balance}
.lead{margin:0;color:var(--soft);white-space:pre-line;text-wrap:pretty}
.turn{margin-top:24px;padding-top:20px;border-top:1px solid var(--line)}
h2{margin:0 0 2px;font-size:14px;line-height:1.5;font-weight:600}
.turn p{margin:0;font-size:15px;color:var(--soft);text-wrap:pretty}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.card p code{padding:.1em .35em;border-radius:6px;background:var(--well);font-size:.88em;color:var(--ink)}
.actions{margin:24px 0 0}
.actions a{display:inline-block;padding:10px 18px;border-radius:10px;background:var(--accent);color:var(--on-accent);
font-size:15px;font-weight:600;text-decoration:none}
.actions a:hover{filter:brightness(1.06)}
a:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
.progress{height:4px;margin-top:24px;border-radius:4px;background:var(--tint);overflow:hidden}
.progress::after{content:"";display:block;width:40%;height:100%;border-radius:4px;background:var(--accent);
animation:slide 1.6s cubic-bezier(.45,0,.55,1) infinite}
@keyframes slide{from{transform:translateX(-100%)}to{transform:translateX(250%)}}
.log{margin-top:24px}
pre{margin:8px 0 0;max-height:340px;overflow:auto;padding:14px 16px;border:1px solid var(--line);border-radius:10px;
background:var(--well);font-size:13px;line-height:1.6;white-space:pre-wrap}
footer{display:flex;flex-wrap:wrap;gap:2px 18px;margin:16px 4px 0;font-size:13px;color:var(--faint)}
footer code{font-size:12px;user-select:all}
@media(max-width:480px){body{place-items:start center;padding-top:24px}.card{padding:24px}h1{font-size:22px}
.actions a{display:block;text-align:center}}
@media(prefers-reduced-motion:reduce){.progress::after{animation:none;width:100%;opacity:.5}}
@media(forced-colors:active){.actions a{border:1px solid}}
`
