/**
 * The look of every page: a light table for pictures, in the reader's colour scheme. Colours are named once; text
 * keeps a contrast of at least 4.5 to 1 in both schemes.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ee;
  --card: #fffefa;
  --ink: #191713;
  --soft: #5f5a4f;
  --line: #dcd7c9;
  --mat: #e9e5d9;
  --mark: #f2b705;
  --on-mark: #191713;
  --bar: #9a6f00;
  --link: #6b4e00;
  --gap: clamp(0.75rem, 2vw, 1.5rem);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121110;
    --card: #1b1a18;
    --ink: #f1eee6;
    --soft: #aaa497;
    --line: #35322c;
    --mat: #000;
    --mark: #f2b705;
    --on-mark: #191713;
    --bar: #f2b705;
    --link: #f4cb4f;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto;
  padding: var(--gap);
  max-width: 150rem;
  font: 0.9375rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
h1, h2, p, figure, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(1.35rem, 1rem + 1.6vw, 2.1rem); line-height: 1.15; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.05rem; line-height: 1.3; }
bdi { overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
code { font: 0.85em/1.4 ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; border-radius: 3px; }
.soft { color: var(--soft); }
.number { font-variant-numeric: tabular-nums; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: grid; gap: 0.5rem; padding-bottom: var(--gap); border-bottom: 1px solid var(--line); margin-bottom: var(--gap); }
.brand { font-weight: 700; letter-spacing: 0.02em; }
.brand::before { content: ""; display: inline-block; width: 0.7em; height: 0.7em; margin-right: 0.45em; background: var(--mark); }
.facts { display: flex; flex-wrap: wrap; gap: 0.15rem 1.25rem; color: var(--soft); }
.notes { color: var(--soft); max-width: 75ch; }

.sheet { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fill, minmax(min(42%, 12.5rem), 1fr)); }
.frame { display: flex; flex-direction: column; gap: 0.4rem; min-width: 0; scroll-margin-top: 1rem; }
.picture {
  position: relative;
  display: grid;
  place-items: center;
  width: 100%;
  aspect-ratio: var(--shape, 16 / 9);
  padding: 0;
  border: 0;
  border-radius: 3px;
  overflow: hidden;
  background: var(--mat);
  color: inherit;
  font: inherit;
}
.picture::after { content: ""; position: absolute; inset: 0; border: 1px solid #8886; border-radius: inherit; pointer-events: none; }
.picture img { display: block; width: 100%; height: 100%; object-fit: contain; }
.missing { padding: 0.5rem; color: var(--soft); font-size: 0.8rem; text-align: center; overflow-wrap: anywhere; }
.missing strong { display: block; font-weight: 600; }
.js .picture { cursor: copy; }
.caption { display: grid; gap: 0.05rem; min-width: 0; font-size: 0.875rem; line-height: 1.35; }
.score { display: flex; justify-content: space-between; gap: 0.5rem; font-variant-numeric: tabular-nums; }
.score strong, .lead { font-size: 1.0625rem; font-weight: 650; }
.filename { color: var(--soft); font-size: 0.75rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.command { font-size: 0.75rem; color: var(--soft); }
.js .frame .command { display: none; }
.asked { outline: 3px solid var(--mark); outline-offset: 0; }
:target > .picture { outline: 3px solid var(--mark); outline-offset: 2px; }

.said {
  position: fixed;
  left: 50%;
  bottom: 1.25rem;
  max-width: calc(100vw - 2rem);
  padding: 0.6rem 1rem;
  border-radius: 4px;
  background: var(--mark);
  color: var(--on-mark);
  transform: translateX(-50%);
  box-shadow: 0 4px 24px #0006;
  overflow-wrap: anywhere;
  z-index: 2;
}
.said:empty { display: none; }
.foot { display: grid; gap: 0.25rem; margin-top: calc(2 * var(--gap)); padding-top: var(--gap); border-top: 1px solid var(--line); color: var(--soft); font-size: 0.875rem; }
.js .without-js, .foot .with-js { display: none; }
.js .foot .with-js { display: inline; }

@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --mat: #fff; --bar: #555; --link: #000; --gap: 0.8rem; }
  body { padding: 0; font-size: 9pt; max-width: none; }
  .sheet { grid-template-columns: repeat(4, 1fr); }
  .frame, .pair { break-inside: avoid; }
  .filename { white-space: normal; }
  .said, .js .foot .with-js, .frame .command { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
