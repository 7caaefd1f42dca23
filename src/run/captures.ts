/** Values that steps leave for later steps: a join token, a hash. Secret ones are known to the masker from the start. */
import type { Capture, Script } from '../model/plan.ts';
import type { Masker } from './masker.ts';

/** The values of one `up`. */
export type Captures = {
  /** Keeps a step's trimmed stdout; throws when there is nothing to keep. */
  keep(capture: Capture, stdout: string): void;
  /** The script's environment with every `{capture}` replaced by its value; throws when one was never kept. */
  fill(env: Script['env']): Record<string, string>;
};

/** Empty at first. Secret values are told to the masker as they are kept. */
export const makeCaptures = (masker: Masker): Captures => {
  const values = new Map<string, string>();
  return {
    keep({ name, secret }, stdout) {
      const value = stdout.trim();
      if (value === '') throw new Error(`printed nothing to keep as "${name}"`);
      if (secret) masker.add(value);
      values.set(name, value);
    },
    fill(env = {}) {
      const fillOne = (value: string | { capture: string }): string => {
        if (typeof value === 'string') return value;
        const captured = values.get(value.capture);
        if (captured === undefined) throw new Error(`needs "${value.capture}", which no earlier step has kept`);
        return captured;
      };
      return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fillOne(value)]));
    },
  };
};
