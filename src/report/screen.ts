/** Puts what renderers want to write into one order, also while a live display holds the terminal. */

/** Takes whole lines, each with its line end. */
type Write = (text: string) => void;

/** Two outputs in one order. */
export type Screen = {
  /** Results: the verdict table, the summary. */
  out(lines: readonly string[]): void;
  /** Messages: progress, notices. */
  err(lines: readonly string[]): void;
  /** Holds back what follows until `work` is over. */
  during(work: () => Promise<void>): void;
  /** Resolves when everything so far is written. */
  settle(): Promise<void>;
};

/** Writes at once unless something is held back. */
export const makeScreen = (stdout: Write, stderr: Write): Screen => {
  let last: Promise<void> | undefined;
  const write = (to: Write, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    if (last === undefined) to(text);
    else last = last.then(() => to(text));
  };
  return {
    out: (lines) => write(stdout, lines),
    err: (lines) => write(stderr, lines),
    during(work) {
      const mine = (last ?? Promise.resolve()).then(work).finally(() => {
        // Back to writing at once, unless more was queued meanwhile.
        if (last === mine) last = undefined;
      });
      last = mine;
    },
    settle: async () => {
      while (last !== undefined) {
        const waitedFor = last;
        await waitedFor;
        if (last === waitedFor) last = undefined;
      }
    },
  };
};
