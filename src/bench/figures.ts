/** Measured durations and what is said of them. */

export type Figure = { runs: number[]; median: number };

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

/** Seconds, rounded to 10 ms; the median of an even number of runs is the mean of the middle two. */
export const toFigure = (seconds: readonly number[]): Figure => {
  const sorted = [...seconds].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { runs: seconds.map(round), median: round((low + high) / 2) };
};

/** Ratio of two medians, to three digits. */
export const ratioOf = (a: Figure, b: Figure): number => Math.round((a.median / b.median) * 1000) / 1000;
