/** A sketch as a Mermaid flowchart, which code hosts draw inside Markdown. */
import { areaPaint, boxPaint, textColour } from './palette.ts';
import type { BoxKind } from './sketch.ts';
import type { Area, Box, Sketch, Wire } from './sketch.ts';

/** Areas are subgraphs; the title is left out, for pages have their own. */
export function toMermaid({ areas, wires }: Sketch): string {
  const all = areas.flatMap(flatten);
  const kinds = [...new Set(all.flatMap(({ boxes }) => boxes.map(({ kind }) => kind)))];
  return [
    'flowchart TB',
    ...areas.flatMap((area) => drawArea(area, '  ')),
    ...wires.map(drawWire),
    ...kinds.map(drawClass),
    ...all.map(({ id, kind }) => `  style ${areaId(id)} fill:${areaPaint[kind].fill},stroke:${areaPaint[kind].line}`),
    '',
  ].join('\n');
}

const flatten = (area: Area): Area[] => [area, ...area.areas.flatMap(flatten)];

const drawArea = ({ id, title, boxes, areas }: Area, indent: string): string[] => [
  `${indent}subgraph ${areaId(id)}["${escape(title)}"]`,
  ...boxes.map((box) => `${indent}  ${drawBox(box)}`),
  ...areas.flatMap((area) => drawArea(area, `${indent}  `)),
  `${indent}end`,
];

const drawBox = ({ id, kind, lines: [name, ...rest] }: Box): string =>
  `${boxId(id)}["<b>${escape(name)}</b>${rest.map((line) => `<br/>${escape(line)}`).join('')}"]:::kind_${wordOf(kind)}`;

const drawWire = ({ from, to, label }: Wire): string =>
  `  ${boxId(from)} ---${label === undefined ? '' : `|${escape(label)}|`} ${boxId(to)}`;

const drawClass = (kind: BoxKind): string =>
  `  classDef kind_${wordOf(kind)} fill:${boxPaint[kind].fill},stroke:${boxPaint[kind].line},color:${textColour(kind)}`;

/** Names are DNS labels, without underscores; as part of a name Mermaid would take hyphens for lines and `end` for a word of its own. */
const wordOf = (name: string): string => name.replaceAll('-', '_');
const areaId = (id: string): string => `area_${wordOf(id)}`;
const boxId = (id: string): string => `box_${wordOf(id)}`;

const escape = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
