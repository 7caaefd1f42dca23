/** Why a step did not end well, and its translation into the error a person reads. */
import type { ErrorCode } from '../lib/error-codes.ts';
import { LabError } from '../lib/lab-error.ts';
import type { Step } from '../model/plan.ts';

type StepFailureFacts = {
  step: Step;
  /** `deadline`: still running when its time was over. */
  kind: 'failed' | 'deadline';
  /** `exit code 1`, or what the engine said. */
  reason: string;
  /** The last thing the step printed. */
  lastObservation: string | undefined;
  /** The last lines of its stdout and stderr. */
  outputTail: string;
};

/** Carries the facts of the first step that failed; all texts are free of secrets. */
export class StepFailure extends Error {
  readonly facts: StepFailureFacts;
  constructor(facts: StepFailureFacts, options?: ErrorOptions) {
    super(summarize(facts), options);
    this.name = 'StepFailure';
    this.facts = facts;
  }
}

/** One line: `exit code 1: connection refused`. */
export const summarize = ({ step, kind, reason, lastObservation }: StepFailureFacts): string => {
  const what = kind === 'deadline' ? `not done within ${step.timeoutSeconds} s` : reason;
  return lastObservation === undefined || lastObservation === reason ? what : `${what}: ${lastObservation}`;
};

/** UP002 for a passed deadline, else UP001. `aftermath`: what is left of the lab and where the evidence lies. */
export const toLabError = (failure: StepFailure, aftermath: { left: string; cleanup?: string; hint?: string }): LabError => {
  const { step, kind, reason, lastObservation, outputTail } = failure.facts;
  const command = describeCommand(step);
  const message =
    kind === 'deadline' ? `"${step.title}" was not done within ${step.timeoutSeconds} s` : `"${step.title}" failed: ${reason}`;
  return new LabError(
    kind === 'deadline' ? 'UP002' : ((step.code as ErrorCode | undefined) ?? 'UP001'),
    message,
    {
      step: step.title,
      condition: step.action.do === 'wait' ? step.title : `${step.title} ends with success`,
      limitSeconds: step.timeoutSeconds,
      ...(lastObservation === undefined ? {} : { lastObservation }),
      ...(command === undefined ? {} : { command }),
      ...(outputTail === '' ? {} : { outputTail }),
      ...aftermath,
    },
    { cause: failure },
  );
};

/** `edge-a1: keadm join …`: what the script becomes, or else its first line that does something; variables stay names, so no secret shows. */
const describeCommand = ({ action, title }: Step): string | undefined => {
  if (!('script' in action)) return undefined;
  const lines = action.script.text.split('\n').map((line) => line.trim());
  const telling =
    lines.find((line) => line.startsWith('exec ')) ??
    lines.find((line) => line !== '' && !line.startsWith('#') && !/^set\s+[-+]/.test(line));
  return `${action.container}: ${telling ?? title}`;
};
