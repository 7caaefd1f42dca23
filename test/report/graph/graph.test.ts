import test from 'ava';
import { testProp } from '@fast-check/ava';
import { drawLab } from '../../../src/report/graph/graph.ts';
import { matchGolden } from '../../lib/golden.ts';
import { anyLab, exampleLabs, few } from '../../plan/labs.ts';

for (const { name, lab } of exampleLabs) {
  test(`the Mermaid picture of ${name} is as it was reviewed`, async (t) =>
    matchGolden(t, new URL(`goldens/${name}.mmd`, import.meta.url), await drawLab(lab, 'mermaid')));
  test(`the DOT picture of ${name} is as it was reviewed`, async (t) =>
    matchGolden(t, new URL(`goldens/${name}.dot`, import.meta.url), await drawLab(lab, 'dot')));
}

test('Graphviz accepts the DOT of every example and names all machines in the SVG', async (t) => {
  for (const { lab } of exampleLabs) {
    // Graphviz writes hyphens as character references.
    const svg = (await drawLab(lab, 'svg')).replaceAll('&#45;', '-');
    t.regex(svg, /^<\?xml[\s\S]*<\/svg>\s*$/);
    for (const { nodes, lan } of lab.sites)
      for (const { name, address } of [...nodes, ...(lan ? [{ name: lan.router.name, address: lan.router.wan }] : [])]) {
        t.true(svg.includes(`>${name}<`), name);
        t.true(svg.includes(address), address);
      }
  }
});

test('the same lab gives the same SVG', async (t) => {
  const { lab } = exampleLabs[0]!;
  t.is(await drawLab(structuredClone(lab), 'svg'), await drawLab(lab, 'svg'));
});

test('markup in a title does not become markup in the picture', async (t) => {
  const { lab } = exampleLabs[0]!;
  const strange = { ...lab, sites: lab.sites.map((site) => ({ ...site, name: 'a"<b>&' })) };
  t.true((await drawLab(strange, 'mermaid')).includes('["a#quot;#lt;b#gt;&'));
  t.true((await drawLab(strange, 'dot')).includes('label="a\\"<b>&'));
  t.true((await drawLab(strange, 'svg')).includes('a&quot;&lt;b&gt;&amp;'));
});

testProp(
  'every wire of a picture ends at boxes that are drawn',
  [anyLab],
  async (t, lab) => {
    const text = await drawLab(lab, 'mermaid');
    const boxes = new Set([...text.matchAll(/^ +(box_\w+)\["/gm)].map(([, id]) => id));
    for (const [, from, to] of text.matchAll(/^ +(box_\w+) ---(?:\|[^|]*\|)? (box_\w+)$/gm)) t.true(boxes.has(from) && boxes.has(to));
    t.is(boxes.size, 1 + lab.sites.reduce((sum, { nodes, lan }) => sum + nodes.length + (lan ? 1 : 0), 0));
  },
  few,
);
