/** Words for a POSIX shell. */

/** One word that `sh` reads as exactly this text. A NUL cannot be passed to any program and is refused. */
export const quoteWord = (text: string): string => {
  if (text.includes('\0')) throw new TypeError('an argument of a program cannot hold a NUL character');
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
};

/** A command line that `sh` splits into exactly these words. */
export const quoteWords = (words: readonly string[]): string => words.map(quoteWord).join(' ');
