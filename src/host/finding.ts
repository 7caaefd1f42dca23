/** One thing found out about this machine, for `doctor` and for the refusal of `up`. */
import type { ErrorCode } from '../lib/error-codes.ts';

/** `ok`; `warn`: works, with a drawback; `fail`: `up` will refuse; `absent`: a named capability that only some labs need. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'absent';

/** Under which heading `doctor` lists it. */
export type FindingArea = 'machine' | 'docker' | 'kernel' | 'network' | 'edgelab';

/** What was looked at and how it is, good or bad. */
export type Finding = {
  /** Stable: `kernel-netem`, `memory`. */
  id: string;
  area: FindingArea;
  title: string;
  state: FindingState;
  /** What was seen: `22.3 GiB free`. */
  value: string;
  /** What it is needed for, or what goes wrong; absent when all is well and nothing needs saying. */
  why?: string;
  /** One line a person can do or paste. */
  fix?: string;
  /** The code `up` refuses with when this finding fails. */
  code?: ErrorCode;
};
