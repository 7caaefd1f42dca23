/** What a step works with, made anew for each of them: the lab with its verbs, expectations, a shell. */
import type { Engine } from '../engine/engine.ts';
import type { Scene } from '../evidence/evidence.ts';
import { adminKubeconfig } from '../lib/kubeadm.ts';
import type { Check } from '../model/check.ts';
import type { LabEvent } from '../model/event.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { openCaptureFile } from './capture-file.ts';
import { makeExpect } from './expect.ts';
import { makeLabHandle } from './lab-handle.ts';
import { makeLiveLab } from './live-lab.ts';
import type { Track } from './open-work.ts';
import type { StepContext } from './scenario.ts';
import { makeShell } from './shell.ts';
import type { Undo } from './undo.ts';
import type { VerbSite } from './verbs/action.ts';

/** The lab a scenario runs on, and who hears of it. */
export type Stage = {
  /** Path the scenario was loaded from; its base name identifies it in events. */
  file: string;
  lab: Lab;
  plan: Plan;
  engine: Engine;
  emit: (event: LabEvent) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Where captures go; a folder of the system's own unless given. */
  folder?: string;
};

/** What the steps did to the lab, from the first to the last. */
export type Pile = { undos: Undo[]; healers: VerbSite['healers']; captures: number };

/** One step's turn. */
export type Turn = {
  /** Of the scenario. */
  name: string;
  signal: AbortSignal;
  take: (check: Check) => void;
  track: Track;
  pile: Pile;
  /** Runs at the end of the step, also when it failed. */
  atStepEnd: (work: () => Promise<unknown>) => void;
};

/** Its shells, probes and verbs end with the signal of the turn; what verbs leave to undo goes on the pile, which outlives the step. */
export const makeContext = (stage: Stage, { name, signal, take, track, pile, atStepEnd }: Turn): StepContext => {
  const { lab, plan, engine, emit, now, folder } = stage;
  const containers = plan.containers.map((one) => one.name);
  const { kubectl } = plan.facts;
  const first = kubectl ?? lab.sites.flatMap(({ nodes }) => nodes)[0]?.name ?? containers[0] ?? '';
  const env = kubectl === undefined ? {} : { env: { KUBECONFIG: adminKubeconfig } };
  return {
    lab: makeLiveLab(makeLabHandle({ lab, plan, engine, signal, track }), {
      ...{ lab, plan, engine, signal, track, emit, now, atStepEnd, scenario: name },
      healers: pile.healers,
      undo: (what, work) => void pile.undos.push({ what, work }),
      openCapture: (place) => openCaptureFile(folder, `${(pile.captures += 1)}-${place}`),
    }),
    expect: makeExpect({ round: { lab, engine, containers, kubectl, signal, now }, scene: makeScene(plan), take, track }),
    $: makeShell({ engine, lab: lab.name, container: first, signal, track, ...env }),
    signal,
  };
};

const makeScene = ({ containers }: Plan): Scene => ({
  wires: new Map(
    containers.map(({ name, interfaces }) => [
      name,
      interfaces.map((one) => ({
        name: one.name,
        segment: one.network,
        addresses: one.addresses.map((address) => address.replace(/\/.*$/, '')),
      })),
    ]),
  ),
});
