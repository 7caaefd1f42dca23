/** Durations as people write them: `500ms`, `30s`, `2m`. */

const millisecondsPer = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds; undefined for what is no duration. Negative ones are durations too. */
export const readDuration = (text: string): number | undefined => {
  const [, number = '', unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  return unit === '' ? undefined : Number(number) * millisecondsPer[unit as keyof typeof millisecondsPer];
};
