/** Words, widths and colours that all text renderers share. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { widthOf } from '../lib/width.ts';

/** Each gives the text in its colour or weight. */
export type Paint = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>;

/** Colours, or functions that leave a text as it is. */
export const makePaint = (color: boolean): Paint => {
  const paint = (format: keyof Paint) => (text: string) => (color ? styleText(format, text, { validateStream: false }) : text);
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  };
};

/** `0.4 s`, `11.2 s`, `2 min 5 s`. */
export const formatSeconds = (seconds: number): string =>
  seconds < 99.95 ? `${seconds.toFixed(1)} s` : `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;

/** Without decimals from 10 s on, for things that still change or stand in a sentence: `4.2 s`, `41 s`. */
export const formatRoughly = (seconds: number): string =>
  seconds < 9.95 || seconds >= 99.95 ? formatSeconds(seconds) : `${Math.round(seconds)} s`;

/** Whole seconds, for a time that still grows: `31 s`. */
export const formatRunning = (seconds: number): string =>
  seconds < 100 ? `${Math.max(0, Math.floor(seconds))} s` : formatSeconds(seconds);

/** One line of text from outside: no escape codes, no line breaks. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** Filled with blanks to `width` columns; a wider text stays as it is. */
export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
/** As `padEnd`, with the blanks before the text. */
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** At most `width` columns; what is cut off is shown as `…`. */
export const truncate = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
};

/** Breaks plain text between words into lines of at most `width` columns, at most `most` of them; a longer word is cut. */
export const wrap = (text: string, width: number, most = Infinity): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')];
  return shown.map((one) => truncate(one, width));
};
