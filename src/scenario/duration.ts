/** Durations as people write them in scenarios: `500ms`, `30s`, `2m`, or a number of seconds. */

/** Seconds, or a number with its unit: `500ms`, `30s`, `2m`. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m`;

const secondsPer = { ms: 0.001, s: 1, m: 60 } as const;

/** Seconds; throws a TypeError that names the text, for a scenario's author to see. */
export const toSeconds = (duration: Duration): number => {
  if (typeof duration === 'number' && duration >= 0) return duration;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(String(duration)) ?? [];
  if (unit === '') throw new TypeError(`"${duration}" is no duration; write 500ms, 30s, 2m or a number of seconds`);
  return Number(number) * secondsPer[unit as keyof typeof secondsPer];
};
