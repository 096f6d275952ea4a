import { createHash } from 'node:crypto';

/** The page's only style, whole: no fonts, images or scripts are fetched. */
export const PAGE_STYLE = `
:root {
  --paper: #fcfcfa; --ink: #22221f; --faint: #6b6a64; --line: #e4e3dc; --well: #f4f3ee;
  --good: #2e7d4f; --bad: #b3382c; --doubtful: #a06a00; --live: #2a66b1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191917; --ink: #e6e4dc; --faint: #9a978c; --line: #33322e; --well: #22211e;
    --good: #6fbf8b; --bad: #e5857a; --doubtful: #d9a94f; --live: #7db0ea;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 68rem;
  background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, sans-serif;
}
h1, h2, h3, p, dl, pre { margin: 0; font-weight: inherit; }
h1 { font-size: 1.6rem; font-weight: 600; letter-spacing: -0.01em; }
header p, h3, dt, th, small, .none, .time { color: var(--faint); }
h2 { margin: 2.75rem 0 0.75rem; font-size: 1.05rem; font-weight: 600; }
h3 { margin: 1rem 0 0.4rem; font-size: 0.875rem; }
code, pre { font: 0.86em/1.6 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
header code { color: var(--ink); overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: 0.2em; }
a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--live); outline-offset: 2px; }
.stats {
  display: flex; flex-wrap: wrap; gap: 1.25rem 3rem; margin-top: 2rem; padding: 1.25rem 0;
  border: solid var(--line); border-width: 1px 0;
}
dt { font-size: 0.8125rem; }
dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
th { font-size: 0.8125rem; font-weight: inherit; text-align: left; }
th, td { padding: 0.4rem 1.1rem 0.4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.time { font-variant-numeric: tabular-nums; }
.name { max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
.status { font-size: 0.8125rem; letter-spacing: 0.02em; max-width: 9rem; overflow: hidden; text-overflow: ellipsis; }
.status::before {
  content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.55rem;
  border-radius: 50%; background: currentColor;
}
.good { color: var(--good); } .bad { color: var(--bad); } .doubtful { color: var(--doubtful); }
.live { color: var(--live); } .quiet { color: var(--faint); }
pre { padding: 0.9rem 1.1rem; overflow-x: auto; border-radius: 6px; background: var(--well); }
pre + p { margin-top: 0.75rem; }
`;

/** What a Content-Security-Policy calls that style. */
export const PAGE_STYLE_HASH = `sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}`;
