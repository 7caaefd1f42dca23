/** Measured durations and what is said of them. */

/** `runs` in the order in which they were made. */
export type Figure = { runs: number[]; median: number };

/** Seconds, rounded to 10 ms unless other digits are asked for; the median of an even number of runs is the mean of the middle two. */
export const toFigure = (seconds: readonly number[], digits = 2): Figure => {
  const round = (value: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
  const sorted = [...seconds].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { runs: seconds.map(round), median: round((low + high) / 2) };
};

/** Ratio of two medians, to three digits. */
export const ratioOf = (a: Figure, b: Figure): number => Math.round((a.median / b.median) * 1000) / 1000;
