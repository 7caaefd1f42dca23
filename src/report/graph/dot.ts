/** A sketch as DOT, the language of Graphviz. */
import { areaPaint, boxPaint, textColour } from './palette.ts';
import type { Area, Box, Sketch, Wire } from './sketch.ts';

/** Areas are clusters; all boxes outside LANs share one rank. */
export const toDot = ({ title, areas, wires }: Sketch): string =>
  [
    `graph ${quote(title)} {`,
    '  graph [rankdir=TB, newrank=true, nodesep=0.3, ranksep=0.55, pad=0.2, fontname="Helvetica", fontsize=13];',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, margin="0.14,0.08", penwidth=1.2];',
    '  edge [color="#8a8a8a", fontname="Helvetica", fontsize=10, fontcolor="#555555"];',
    ...areas.flatMap((area) => drawArea(area, '  ')),
    ...wires.map(drawWire),
    // Everything public stands side by side, the LANs hang below.
    `  { rank=same; ${areas.flatMap(listPublic).map(quote).join('; ')} }`,
    '}',
    '',
  ].join('\n');

const drawArea = ({ id, kind, title, boxes, areas }: Area, indent: string): string[] => [
  `${indent}subgraph ${quote(`cluster_${id}`)} {`,
  `${indent}  label=${quote(title)}; labeljust=l; labelloc=${kind === 'lan' ? 'b' : 't'}; style="rounded,filled"; fillcolor="${areaPaint[kind].fill}"; color="${areaPaint[kind].line}";`,
  ...boxes.map((box) => `${indent}  ${drawBox(box)}`),
  ...areas.flatMap((area) => drawArea(area, `${indent}  `)),
  `${indent}}`,
];

const listPublic = ({ kind, boxes, areas }: Area): string[] =>
  kind === 'lan' ? [] : [...boxes.map(({ id }) => id), ...areas.flatMap(listPublic)];

const drawBox = ({ id, kind, lines }: Box): string => {
  const [name, ...rest] = lines.map(escapeHtml);
  const small = rest.map((line) => `<br/><font point-size="9">${line}</font>`).join('');
  const { fill, line } = boxPaint[kind];
  return `${quote(id)} [label=<<b>${name ?? ''}</b>${small}>, fillcolor="${fill}", color="${line}", fontcolor="${textColour(kind)}"];`;
};

const drawWire = ({ from, to, label }: Wire): string =>
  `  ${quote(from)} -- ${quote(to)}${label === undefined ? '' : ` [label=${quote(` ${label}`)}]`};`;

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
