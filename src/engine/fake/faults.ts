/** Calls of a fake engine that fail, hang or take time on request, and the record of all calls. */
import type { Clock } from '../../lib/clock.ts';
import type { Engine } from '../engine.ts';

/** A call of the engine by its name. */
export type Method = keyof Engine;

/** One call as it was made. `name` is the container or network it was about. */
export type Call = { method: Method; lab?: string; name?: string; argv?: readonly string[]; at: number };

/** Which calls a fault concerns: all of the method, or those about `name`, and of these only the `nth` (from 1). */
export type Which = { name?: string; nth?: number };

type Effect = { fail: Error } | { takes: number | 'forever' };
type Fault = { method: Method; which: Which; effect: Effect; seen: number };

/** A call meets all faults that concern it, in the order in which they were added: their times add up, a failure ends it. */
export class Faults {
  readonly calls: Call[] = [];
  readonly #faults: Fault[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(method: Method, which: Which, effect: Effect): void {
    this.#faults.push({ method, which, effect, seen: 0 });
  }

  /** Records the call and does to it what was asked for. */
  async meet(call: Omit<Call, 'at'>, signal?: AbortSignal): Promise<void> {
    this.calls.push({ ...call, at: this.#clock.now() });
    signal?.throwIfAborted();
    for (const fault of this.#faults) {
      if (!concerns(fault, call)) continue;
      fault.seen += 1;
      if (fault.which.nth !== undefined && fault.which.nth !== fault.seen) continue;
      if ('fail' in fault.effect) throw fault.effect.fail;
      await pass(this.#clock, fault.effect.takes, signal);
    }
  }
}

/** Lets seconds of the fake clock pass, or waits for the abort alone. */
export async function pass(clock: Clock, seconds: number | 'forever', signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (seconds === 'forever') return untilAborted(signal);
  if (seconds > 0) await clock.sleep(seconds * 1000, signal);
}

function concerns(fault: Fault, call: Omit<Call, 'at'>): boolean {
  return fault.method === call.method && (fault.which.name === undefined || fault.which.name === call.name);
}

function untilAborted(signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
