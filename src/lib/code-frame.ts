/** A few lines of a file with carets under one place. */
import type { Place } from '../model/diagnostic.ts';
import { widthOf } from './width.ts';

/** One line of a frame: a line of the file with its number, or the carets (`mark`) below it. */
export type FrameLine = { gutter: string; line: string; mark: boolean };

/** Longer lines are cut around the place (columns of a terminal). */
const widest = 100;

/** The line of the place, the line with text before it, and carets; nothing when the file has no such line. */
export const makeFrame = (text: string, { line, column, length }: Place): FrameLine[] => {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((content) => content.replace(/\r$/, ''));
  const culprit = lines[line - 1];
  if (culprit === undefined) return [];
  const width = String(line).length + 1;
  const shown = cutAround(culprit, column - 1, length);
  const frame: FrameLine[] = [];
  const before = lines.slice(0, line - 1).findLastIndex((content) => content.trim() !== '');
  if (before >= 0) {
    const context = cutAround(lines[before] ?? '', 0, 0);
    frame.push({ gutter: String(before + 1).padStart(width), line: context.text, mark: false });
  }
  frame.push({ gutter: String(line).padStart(width), line: shown.text, mark: false });
  const carets = '^'.repeat(Math.max(1, widthOf(shown.text.slice(shown.start, shown.start + shown.length))));
  frame.push({ gutter: ' '.repeat(width), line: blank(shown.text.slice(0, shown.start)) + carets, mark: true });
  return frame;
};

/** Text without control characters, so that a file cannot write to the terminal; tabs become one space. */
export const printable = (text: string): string =>
  text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

type Cut = { text: string; start: number; length: number };

const cutAround = (line: string, start: number, length: number): Cut => {
  const clean = printable(line);
  if (clean.length <= widest) return { text: clean, start, length };
  const from = Math.min(Math.max(0, start - Math.floor(widest / 2)), clean.length - widest);
  const piece = clean.slice(from, from + widest);
  const head = from > 0 ? '…' : '';
  const tail = from + widest < clean.length ? '…' : '';
  const shift = start - from + head.length;
  return { text: head + piece + tail, start: shift, length: Math.min(length, head.length + widest - shift) };
};

const blank = (text: string): string => ' '.repeat(widthOf(text));
