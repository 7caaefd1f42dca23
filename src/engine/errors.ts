/** The errors every engine words alike. */
import { LabError } from '../lib/lab-error.ts';
import type { LabName } from './engine.ts';

/** ENGINE003, with the names there are. */
export function noSuchContainer(lab: LabName, name: string, known: readonly string[]): LabError {
  const there = known.length > 0 ? `It has: ${[...known].sort().join(', ')}.` : 'It has no containers at all: is it up?';
  return new LabError('ENGINE003', `lab "${lab}" has no container "${name}"`, { step: `look for container ${name}`, hint: there });
}

/** ENGINE001: something was asked of a container that only a running one can do. */
export function notRunning(lab: LabName, name: string, state: string, outputTail = ''): LabError {
  return new LabError('ENGINE001', `container "${name}" of lab "${lab}" does not run: it is ${state}`, {
    step: `use container ${name}`,
    lastObservation: `state ${state}`,
    ...(outputTail ? { outputTail } : {}),
    cleanup: `edgelab down ${lab}`,
  });
}

/** ENGINE001: the lab has a thing of this name that was made from another plan. */
export function otherPlan(lab: LabName, what: string, name: string, found: string, wanted: string): LabError {
  return new LabError('ENGINE001', `${what} "${name}" of lab "${lab}" was made from another plan`, {
    step: `create ${what} ${name}`,
    lastObservation: `it carries plan ${found}, wanted is ${wanted}`,
    cleanup: `edgelab down ${lab}`,
  });
}

/** Last lines of a text, as errors quote them. */
export function tailOf(text: string, lines = 20): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
