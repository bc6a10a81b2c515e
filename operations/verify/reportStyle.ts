/** The style of the report: light and dark as the reader's system, one column, whole checks on a printed page. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #16181b);
  --ink: light-dark(#1d2126, #e8e6e1);
  --quiet: light-dark(#5a616a, #a3a9b1);
  --line: light-dark(#dddad3, #363b41);
  --accent: light-dark(#1f5fae, #8cbcf5);
  --right: light-dark(#1c6b45, #7fd0a4);
  --wrong: light-dark(#a8281f, #f49a90);
  --warning: light-dark(#7d5200, #e6be6a);
  --unknown: light-dark(#5a616a, #a3a9b1);
  background: var(--ground);
  color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; }
main { margin: 0 auto; max-width: 56rem; overflow-wrap: anywhere; padding: 1.5rem 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { break-after: avoid; font-size: 1.05rem; margin: 2rem 0 0.5rem; }
p { margin: 0.2rem 0; }
a { color: var(--accent); }
.verdict { font-size: 1.1rem; font-weight: 600; margin: 0.3rem 0 1rem; }
.verdict .quiet { font-size: 0.9rem; font-weight: 400; }
.quiet { color: var(--quiet); }
ul, ol, dl { margin: 0; padding: 0; }
.checks { list-style: none; }
.open { padding-left: 1.5rem; }
.open li { break-inside: avoid; margin: 0.5rem 0; }
.checks li, .facts div {
  border-top: 1px solid var(--line);
  break-inside: avoid;
  display: grid;
  gap: 0 1rem;
  grid-template-columns: 6rem minmax(0, 1fr);
  padding: 0.45rem 0;
}
.facts div { grid-template-columns: 9rem minmax(0, 1fr); }
@media (max-width: 36rem) {
  .checks li, .facts div { grid-template-columns: minmax(0, 1fr); }
}
.checks li:target { outline: 2px solid var(--accent); outline-offset: 2px; }
.checks p, dd { unicode-bidi: plaintext; white-space: pre-line; }
dt { color: var(--quiet); }
dd { margin: 0; }
.state { font-weight: 600; }
.right { color: var(--right); }
.wrong { color: var(--wrong); }
.warning { color: var(--warning); }
.unknown { color: var(--unknown); }
@media print {
  :root { color-scheme: light; font-size: 11px; }
  main { max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
}
`;
