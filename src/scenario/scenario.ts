/** What `import … from 'edgelab'` gives: the words a scenario is written in. */
import type { Known } from '../model/check.ts';
import type { Expect } from './expect.ts';
import type { LabHandle } from './lab-handle.ts';
import type { LiveLab } from './live-lab.ts';
import type { Shell } from './shell.ts';

export type { ChildSa, IkeSa, ServiceRules } from '../evidence/evidence.ts';
export type { LinkWish } from '../links/links.ts';
export type { Check, Evidence, Known, Path, PathVerdict, ReachOutcome } from '../model/check.ts';
export type { Cluster, Pod, Service } from './cluster.ts';
export type { Expect, ReachOptions, ReachResult, ReachSpec, ThatDetails } from './expect.ts';
export type { NodeHandle, RouterHandle, SiteHandle } from './inventory.ts';
export type { LabHandle } from './lab-handle.ts';
export type { LiveLab } from './live-lab.ts';
export type { FlowFigures, MeterOptions, MeterTarget } from './meter.ts';
export type { Way } from './route.ts';
export type { Shell, ShellOptions, ShellResult } from './shell.ts';
export type { AddressTarget, NameTarget, PodTarget, ServiceTarget, Source, Target } from './targets.ts';
export type { Capture, CaptureOptions } from './verbs/capture.ts';
export type { LinkVerbs } from './verbs/link.ts';
export type { NodeVerbs } from './verbs/node.ts';
export type { RouterVerbs } from './verbs/router.ts';
export type { UplinkVerbs } from './verbs/uplink.ts';
export type { ReachWatch } from './verbs/watch.ts';

/** What a step works with. */
export type StepContext = {
  /** The lab that runs: its nodes, sites, routers, pods and Services by name. */
  lab: LiveLab;
  /** Expectations: each becomes a check of the verdict table. */
  expect: Expect;
  /** Runs a shell command on the node where kubectl works (the first node in labs without Kubernetes). */
  $: Shell;
  /** Aborts when the run is interrupted. */
  signal: AbortSignal;
};

/** What a step does; a promise is awaited. */
export type StepRun = (context: StepContext) => unknown;
/** One step, as `step()` makes it. */
export type ScenarioStep = { title: string; run: StepRun };

/** What a scenario file says of itself. */
export type ScenarioDefinition = {
  /** What the scenario asks or claims, in words. */
  title: string;
  /** Name of a topology in topologies/, or a path relative to the scenario's file. */
  topology: string;
  /** Components of `install:` it cannot do without: `flannel`, `kubeedge`, … */
  needs?: readonly string[];
  /** An array, so that all steps are listed before the first one runs. */
  steps: readonly ScenarioStep[];
  /** Always runs at the end, also after a failure or an interrupt: puts back what the steps changed. */
  cleanup?: StepRun;
  /** Go on with the next step after one threw; without it the rest is left out. Failed checks never stop anything. */
  keepGoing?: boolean;
  /** It cuts or restarts what takes the lab a while to get over: of the scenarios of a lab those run last (Kubernetes' e2e suite has the word). */
  disruptive?: boolean;
  /** Why it may fail as a whole, in any lab or in some; what fails in it then is a known failure. */
  known?: Known | ((lab: LabHandle) => Known | undefined);
};

/** A scenario with its defaults filled in. */
export type Scenario = Required<Omit<ScenarioDefinition, 'cleanup' | 'known'>> & Pick<ScenarioDefinition, 'cleanup' | 'known'>;

/** Defines a scenario; a scenario file exports it as default. */
export const scenario = (definition: ScenarioDefinition): Scenario => ({ needs: [], keepGoing: false, disruptive: false, ...definition });

/** One step: a title for people and what it does. */
export const step = (title: string, run: StepRun): ScenarioStep => ({ title, run });
