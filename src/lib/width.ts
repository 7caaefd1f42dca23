/** How wide a text is on a terminal. */
import { stripVTControlCharacters } from 'node:util';

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
const invisible = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns: East Asian characters and emoji take two, combining marks and escape codes none. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
};
