/** The last lines a command printed, in the order they came from stdout and stderr. */

/** What is left of an output: lines that are not blank. */
export type Tail = {
  add(line: string): void;
  /** Oldest first, joined by newlines. */
  text(): string;
  last(): string | undefined;
};

/** Keeps at most `lines` lines of at most `width` characters each, so that a flood costs no memory. */
export const makeTail = (lines = 20, width = 500): Tail => {
  const kept: string[] = [];
  return {
    add(line) {
      if (line.trim() === '') return;
      kept.push(line.length > width ? `${line.slice(0, width)}…` : line);
      if (kept.length > lines) kept.shift();
    },
    text: () => kept.join('\n'),
    last: () => kept.at(-1),
  };
};
