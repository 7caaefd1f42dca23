/**
 * Generators of text. fast-check's own units `binary` and `grapheme` know how to shrink any given string: for that they first
 * make a table of all of Unicode, a second in each thread.
 */
import { fc } from '@fast-check/ava';

/** One sign, as a person would count: ASCII with its control characters, any other code point, and signs that programs stumble over. */
const anySign = fc.oneof(
  fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
  fc.integer({ min: 0x80, max: 0x10_ff_ff - 0x8_00 }).map((n) => String.fromCodePoint(n < 0xd8_00 ? n : n + 0x8_00)),
  // Line ends that are none to a shell, a byte order mark, what takes no column or two, and signs of several code points.
  fc.constantFrom('\r', '\r\n', '\u0085', '\u2028', '\u2029', '\uFEFF', '\u200B', '边', 'e\u0301', '🇪🇺', '👩\u200D🔬', '❤\uFE0F'),
);

/** Well-formed text of any signs. */
export const anyText = (length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...length, unit: anySign });

/** What a program can be given as an argument: any text without NUL. */
export const anyArgument = (length: { maxLength?: number } = {}): fc.Arbitrary<string> =>
  anyText(length).filter((text) => !text.includes('\0'));
