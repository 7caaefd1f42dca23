/** Colours of pictures: one for what a box is, one for where it is. */
import type { Area, BoxKind } from './sketch.ts';

/** The inside and its frame, `#rrggbb`. */
type Paint = { fill: string; line: string };

/** By what a box is. */
export const boxPaint: Record<BoxKind, Paint> = {
  core: { fill: '#ffffff', line: '#3b6ea8' },
  router: { fill: '#ffe8cc', line: '#c2711a' },
  'control-plane': { fill: '#326ce5', line: '#1f4aa8' },
  worker: { fill: '#d4e1fb', line: '#326ce5' },
  edge: { fill: '#d5f0dc', line: '#2f8f4e' },
  host: { fill: '#f1f1f1', line: '#777777' },
};

/** Of the text in a box of that kind. */
export const textColour = (kind: BoxKind): string => (kind === 'control-plane' ? '#ffffff' : '#1c1c1c');

/** By where an area is. */
export const areaPaint: Record<Area['kind'], Paint> = {
  internet: { fill: '#eaf3fc', line: '#8db4dc' },
  public: { fill: '#f7fbff', line: '#8db4dc' },
  lan: { fill: '#fdf8f1', line: '#d9bd94' },
};
