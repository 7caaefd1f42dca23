/** The look of the HTML page, light and dark. */
export const style = `
:root { color-scheme: light dark; --page: #fbfbfa; --card: #fff; --ink: #1d2329; --quiet: #667079; --line: #e3e6e8;
  --good: #1a7f4b; --bad: #c62f3b; --bar: #b9c6d3; --strong: #4a78b0; --chain: #d9822b; }
@media (prefers-color-scheme: dark) { :root { --page: #15181b; --card: #1d2125; --ink: #e4e7ea; --quiet: #98a2ab; --line: #30363c;
  --good: #4cc38a; --bad: #ff7b83; --bar: #46525e; --strong: #6b9fdb; --chain: #e9a35a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 88rem; padding: 2rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 0 0 .25rem; font-size: 1.1rem; } small { font-weight: 400; color: var(--quiet); font-size: .9em; }
section, figure { margin: 1.25rem 0 0; padding: 1rem 1.25rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figure svg g.graph > polygon { fill: none; } /* the drawing's own paper */
@media (prefers-color-scheme: dark) { figure svg { filter: invert(.9) hue-rotate(180deg); } }
p { margin: .25rem 0; } .quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); } .known { color: var(--chain); }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: .5rem; } .facts b { font-variant-numeric: tabular-nums; }
.badge { display: inline-block; margin-left: .35rem; padding: .1rem .75rem; font-size: .95rem; vertical-align: .2em; border-radius: 99px; color: #fff; font-weight: 600; background: var(--good); } .badge.bad { background: var(--bad); color: #fff; }
@media (prefers-color-scheme: dark) { .badge, .badge.bad { color: #101214; } }
pre { margin: .25rem 0; padding: .5rem .75rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 6px; font: 12px/1.45 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; }
.verdicts { min-width: 60rem; margin-top: .75rem; font-size: 14px; }
.check { display: grid; grid-template-columns: 1.2rem 7rem minmax(10rem, 15rem) 6.5rem 6.5rem minmax(16rem, 1fr) 8.5rem; gap: 0 .9rem; padding: .35rem .5rem; border-top: 1px solid var(--line); }
.check.head { border: 0; color: var(--quiet); font-size: 12.5px; } summary.check:hover, summary.bar:hover { background: color-mix(in srgb, var(--strong) 9%, transparent); }
.mark { font-weight: 700; } .how { color: var(--quiet); } .claim { font-variant-numeric: tabular-nums; color: var(--quiet); overflow-wrap: anywhere; }
details[open].passed > summary, details.failed > summary { font-weight: 500; } details.failed > summary { background: color-mix(in srgb, var(--bad) 8%, transparent); }
.step { padding: .9rem .5rem .25rem; border-top: 1px solid var(--line); } .step.failed b { color: var(--bad); }
.evidence { padding: .25rem .5rem .9rem 2.6rem; } .evidence table { border-collapse: collapse; }
.evidence th { text-align: left; font-weight: 500; padding: .15rem 1.5rem .15rem 0; vertical-align: top; white-space: nowrap; } .evidence td { padding: .15rem 0; }
.timeline { min-width: 50rem; margin-top: .75rem; font-size: 13px; }
.bar { display: grid; grid-template-columns: 20rem 1fr 5rem; gap: .75rem; align-items: center; padding: 1px .25rem; }
.bar > span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-left: 1.1rem; color: var(--quiet); } .bar > span:last-child { text-align: right; font-variant-numeric: tabular-nums; color: var(--quiet); }
.bar.phase { margin-top: .5rem; } .bar.phase > span { color: var(--ink) !important; font-weight: 600; } .bar.phase > span:first-child { padding-left: 0; }
.bar.phase > span:first-child::before { content: '▸ '; color: var(--quiet); } details[open] > .bar.phase > span:first-child::before { content: '▾ '; }
.lane { position: relative; height: 13px; } .lane b { position: absolute; top: 1px; height: 11px; min-width: 2px; border-radius: 3px; background: var(--bar); }
.phase .lane b { background: var(--strong); opacity: .35; } .lane b.critical, .key { background: var(--chain); } .lane b.failed { background: var(--bad); opacity: 1; } .lane b.cancelled { opacity: .4; }
.key { display: inline-block; width: 1.6em; height: .7em; border-radius: 3px; } .bar.failed > span:first-child { color: var(--bad); }
.axis .lane { height: 18px; } .axis i { position: absolute; font-style: normal; font-size: 11px; color: var(--quiet); border-left: 1px solid var(--line); padding-left: 3px; height: 100%; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: .5rem 0 0; } dt { color: var(--quiet); } dd { margin: 0; }
`;
