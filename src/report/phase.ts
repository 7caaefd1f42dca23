/** The lines of the progress display: what the steps of one phase amount to at a moment. */
import type { Instant } from '../model/event.ts';
import type { LabRecord, StepRecord } from './run-record.ts';

/** `cancelled` when a step was and none failed. */
type PhaseState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** One phase of an `up` at a moment. */
export type Phase = {
  id: string;
  title: string;
  state: PhaseState;
  /** From its first step's start to its last one's end, or to now. */
  seconds: number;
  /** While it runs: what its slowest step waits for, `edge-b1 Ready: "cni plugin not initialized"`. */
  waitsFor?: string;
  /** When it is done: what its steps proved, `lan-a port-restricted, lan-b symmetric ✓ proved`. */
  proved?: string;
  /** When it failed: which step, and why. */
  message?: string;
  startedAt?: Instant;
  steps: StepRecord[];
};

/** All phases in the plan's order as they are at `now`. */
export const describePhases = (lab: LabRecord, now: Instant): Phase[] => {
  const byPhase = Map.groupBy(lab.steps.values(), ({ step }) => step.phase);
  return lab.plan.phases.map(({ id, title }) => describePhase(id, title, byPhase.get(id) ?? [], now));
};

const describePhase = (id: string, title: string, steps: StepRecord[], now: Instant): Phase => {
  const state = stateOf(steps);
  const starts = steps.flatMap(({ startedAt }) => startedAt ?? []);
  const startedAt = starts.length > 0 ? Math.min(...starts) : undefined;
  const end = state === 'running' ? now : Math.max(...steps.flatMap(({ finishedAt }) => finishedAt ?? []));
  const seconds = startedAt === undefined ? 0 : Math.max(0, end - startedAt) / 1000;
  const slowest = state === 'running' ? findSlowest(steps) : undefined;
  const proofs = state === 'done' ? steps.flatMap(({ step }) => step.proves ?? []) : [];
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  return {
    id,
    title,
    state,
    seconds,
    steps,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(slowest === undefined ? {} : { waitsFor: quoteStep(slowest) }),
    ...(proofs.length === 0 ? {} : { proved: describeProofs(proofs) }),
    ...(failed === undefined ? {} : { message: `${failed.step.title}: ${failed.message ?? 'failed'}` }),
  };
};

/** All of a few, and of many how many; a router of both families is proved in each, and its site comes first in either. */
const describeProofs = (proofs: readonly string[]): string => {
  const sites = new Set(proofs.map((proof) => proof.split(' ')[0]));
  return `${proofs.length > 4 ? `${sites.size} routers` : proofs.join(', ')} ✓ proved`;
};

const stateOf = (steps: readonly StepRecord[]): PhaseState => {
  if (steps.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (steps.some(({ outcome }) => outcome === 'cancelled')) return 'cancelled';
  if (steps.length > 0 && steps.every(({ outcome }) => outcome === 'done')) return 'done';
  return steps.some(({ startedAt }) => startedAt !== undefined) ? 'running' : 'waiting';
};

/** Of the running steps the one that started first: what everybody waits for. */
const findSlowest = (steps: readonly StepRecord[]): StepRecord | undefined =>
  steps
    .filter(({ startedAt, finishedAt }) => startedAt !== undefined && finishedAt === undefined)
    .reduce<StepRecord | undefined>((first, one) => (first !== undefined && first.startedAt! <= one.startedAt! ? first : one), undefined);

const quoteStep = ({ step, lastLine }: StepRecord): string => {
  const waiting = step.action.do === 'wait' ? `waiting for ${step.title}` : step.title;
  return lastLine === undefined ? waiting : `${waiting}: "${lastLine.trim()}"`;
};
