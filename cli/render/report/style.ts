/** The look of the page, in light and in dark. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#ccd2d8;--soft:#f4f6f8;--ok:#136f3a;--bad:#b3261e;--open:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--paper:#14171a;--line:#3a4148;--soft:#1d2226;--ok:#5fd08a;--bad:#ff8a80;--open:#f0b849}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;max-width:1300px;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem;overflow-wrap:anywhere}
strong.accepted{color:var(--ok)}strong.diverged,strong.disagreement{color:var(--bad)}strong.inconclusive{color:var(--open)}
table{border-collapse:collapse;display:block;overflow-x:auto;max-width:100%}
caption{text-align:left;font-weight:600;padding:.4rem 0}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--soft);white-space:nowrap}td{min-width:4rem;max-width:28rem}
.why{border-left:4px solid var(--bad);background:var(--soft);padding:.2rem 1rem;margin:1rem 0}
.rule,.left{opacity:.8;font-size:.9rem}code{overflow-wrap:anywhere}
.diagram{overflow:auto;max-height:80vh;border:1px solid var(--line);margin:1rem 0;background:var(--paper)}
svg text{font:11px system-ui,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px}svg .sid{font-weight:700;font-size:13px}
svg .lane{stroke:var(--line)}svg .message{stroke:#7a8794;stroke-width:.8}svg marker path{fill:#7a8794}
svg circle{fill:#7a8794}svg .role circle,svg .established circle{fill:var(--ok);r:6px}svg .role text,svg .established text{font-weight:700}
svg .newElection circle,svg .looking circle{fill:var(--open)}svg .ending circle,svg .seam circle{fill:var(--bad)}
svg .contested circle{fill:var(--bad);stroke:var(--bad);stroke-width:5px}svg .contested text{fill:var(--bad);font-weight:700}
`;
