/** Pictures of a lab: who is where, on which addresses, behind what kind of NAT. */
import type { Lab } from '../../model/lab.ts';
import { toDot } from './dot.ts';
import { toMermaid } from './mermaid.ts';
import { sketchLab } from './sketch.ts';
import { toSvg } from './svg.ts';

type PictureFormat = 'mermaid' | 'dot' | 'svg';

/** The lab's picture as text: Mermaid for Markdown pages, DOT for Graphviz, or SVG drawn by Graphviz itself. */
export async function drawLab(lab: Lab, format: PictureFormat): Promise<string> {
  const sketch = sketchLab(lab);
  if (format === 'mermaid') return toMermaid(sketch);
  return format === 'dot' ? toDot(sketch) : toSvg(toDot(sketch));
}
