/** Everything that happens while a lab is built and a scenario runs, as one union; renderers subscribe, nobody prints. */
import type { Check, Known, Verdict } from './check.ts';
import type { Failure } from './failure.ts';
import type { Plan, StepId } from './plan.ts';

/** Milliseconds since the epoch, from the injected clock. */
export type Instant = number;

/** `cancelled`: it was running when another step failed or the user interrupted. */
export type StepOutcome = 'done' | 'failed' | 'cancelled';

/** One thing that happened, and when. `seconds` is how long what has come to its end took. */
export type LabEvent = { at: Instant } & (
  | { type: 'notice'; level: 'info' | 'warning'; text: string }
  | {
      type: 'images';
      state: 'checking' | 'building' | 'ready';
      image?: string;
      line?: string;
      done: number;
      total: number;
      seconds?: number;
    }
  | { type: 'up-started'; plan: Plan; reused: boolean }
  | { type: 'step-started'; step: StepId }
  | { type: 'step-output'; step: StepId; line: string }
  | { type: 'step-finished'; step: StepId; outcome: StepOutcome; seconds: number; message?: string }
  | { type: 'up-finished'; ok: boolean; seconds: number }
  /** `called`: the words after `edgelab run` that run it so again. */
  | { type: 'scenario-started'; scenario: string; title: string; steps: string[]; called?: readonly string[] }
  | { type: 'scenario-step'; scenario: string; index: number; state: 'started' | 'passed' | 'failed'; seconds?: number; message?: string }
  | { type: 'check'; scenario: string; check: Check }
  /** Something was done to the lab by a scenario, or was seen to follow from it. */
  | { type: 'action'; scenario: string; what: string; state: 'done' | 'seen' | 'undone' | 'failed' }
  /** `reason`: why it was skipped, or counted as failed instead of skipped. `known`: why it may fail as a whole. */
  | { type: 'scenario-finished'; scenario: string; verdict: Verdict; seconds: number; reason?: string; known?: Known }
  | { type: 'down-started'; lab: string }
  | { type: 'down-finished'; lab: string; seconds: number; removed: { containers: number; networks: number; volumes: number } }
  /** The command ends with this error; for reports only, the command line itself says it to the user. */
  | { type: 'failed'; failure: Failure }
);

/** Receives events in order; `end` lets a renderer write what it holds back (files, summary). */
export type Reporter = { on(event: LabEvent): void; end(): Promise<void> };
