/** Words of messages: the known word nearest to one that was mistyped, lists, numbers with their nouns. */

type Synonyms = Readonly<Record<string, string>>;

/**
 * The candidate a person most likely meant, or undefined when none is near (about one slip per three letters).
 * `synonyms` maps words that mean a candidate without looking like it.
 */
export const nearestName = (word: string, candidates: Iterable<string>, synonyms: Synonyms = {}): string | undefined => {
  const known = [...candidates];
  const synonym = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
  if (synonym !== undefined && known.includes(synonym)) return synonym;
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = countSlips(word.toLowerCase(), name.toLowerCase());
    if (distance <= allowedSlips(word, name) && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
};

/** `did you mean "symmetric"? ` or nothing; for the beginning of a hint. */
export const suggest = (word: string, candidates: Iterable<string>, synonyms: Synonyms = {}): string => {
  const nearest = nearestName(word, candidates, synonyms);
  return nearest === undefined ? '' : `did you mean "${nearest}"? `;
};

/** `a`, `a and b`, `a, b and c`. */
export const listWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** `there is a`, `there are a and b`. */
export const thereAre = (words: readonly string[]): string => `there ${words.length === 1 ? 'is' : 'are'} ${listWords(words)}`;

/** `1 node`, `2 nodes`; `ending` where the noun takes another, `2 addresses`. */
export const plural = (count: number, noun: string, ending = 's'): string => `${count} ${noun}${count === 1 ? '' : ending}`;

const allowedSlips = (word: string, name: string): number =>
  Math.min(name.length - 1, Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)));

/** Damerau-Levenshtein distance (optimal string alignment): a swap of two neighbours counts as one slip. */
const countSlips = (a: string, b: string): number => {
  // Nobody mistypes by this much, and a file may hold a word of any length.
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let distance = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) distance = Math.min(distance, (before[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
};
