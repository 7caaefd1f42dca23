/** From offsets in a text to places a person can go to. */
import type { Node } from 'yaml';
import type { Place } from '../model/diagnostic.ts';

/** Start and end offset to a place: at least one character, and never past the end of its line. */
export type MakePlace = (start: number, end: number) => Place;

/** Not with the LineCounter of yaml 2.9.1: in a text it cannot parse, that misses lines. */
export const placeMaker = (text: string, file: string): MakePlace => {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return (start, end) => {
    const index = lineStarts.findLastIndex((lineStart) => lineStart <= start);
    const lineStart = lineStarts[index] ?? 0;
    const lineEnd = (lineStarts[index + 1] ?? text.length + 1) - 1;
    const length = text.slice(lineStart, lineEnd).replace(/\r$/, '').length;
    const stop = Math.min(end, lineStart + length);
    return { file, line: index + 1, column: start - lineStart + 1, length: Math.max(1, stop - start) };
  };
};

/** Where a node is written; the start of the file for none. */
export const nodePlace = (node: Node | null, place: MakePlace): Place => place(node?.range?.[0] ?? 0, node?.range?.[1] ?? 0);
