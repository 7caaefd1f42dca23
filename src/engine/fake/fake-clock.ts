/** A clock for tests: time jumps to the next waiting sleeper as soon as nothing else is going on. */
import type { Clock } from '../../lib/clock.ts';

type Sleeper = { at: number; wake: () => void };

/** Begins at 2026-01-01 UTC unless told otherwise. */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #scheduled = false;
  readonly #auto: boolean;

  /** `auto: false` leaves time to `advance`. */
  constructor(options: { start?: number; auto?: boolean } = {}) {
    this.#now = options.start ?? Date.UTC(2026, 0, 1);
    this.#auto = options.auto ?? true;
  }

  /** Milliseconds; bound, so that it can be handed on as `now`. */
  readonly now = (): number => this.#now;

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { at: this.#now + milliseconds, wake };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
      this.#schedule();
    });
  }

  /** Moves time and wakes, in order, all whose time has come. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#next(); next && next.at <= end; next = this.#next()) this.#wake(next);
    this.#now = end;
  }

  #next(): Sleeper | undefined {
    return this.#sleepers.reduce<Sleeper | undefined>((first, other) => (first && first.at <= other.at ? first : other), undefined);
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    this.#now = Math.max(this.#now, sleeper.at);
    sleeper.wake();
  }

  #schedule(): void {
    if (!this.#auto || this.#scheduled) return;
    this.#scheduled = true;
    // An immediate runs after every promise that can go on without time has gone on.
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#next();
      if (next) this.#wake(next);
      if (this.#sleepers.length > 0) this.#schedule();
    });
  }
}
