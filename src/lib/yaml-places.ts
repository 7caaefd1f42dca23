/** From offsets in a text to places a person can go to. */
import type { LineCounter, Node } from 'yaml';
import type { Place } from '../model/diagnostic.ts';

/** Start and end offset to a place: at least one character, and never past the end of its line. */
export type MakePlace = (start: number, end: number) => Place;

export const placeMaker =
  (text: string, file: string, lines: LineCounter): MakePlace =>
  (start, end) => {
    const { line, col } = lines.linePos(start);
    const newline = text.indexOf('\n', start);
    let lineEnd = newline < 0 ? text.length : newline;
    if (text[lineEnd - 1] === '\r') lineEnd -= 1;
    const length = Math.max(1, Math.min(end, lineEnd) - start);
    return { file, line: Math.max(1, line), column: Math.max(1, col), length };
  };

/** Where a node is written; the start of the file for none. */
export const nodePlace = (node: Node | null, place: MakePlace): Place => place(node?.range?.[0] ?? 0, node?.range?.[1] ?? 0);
