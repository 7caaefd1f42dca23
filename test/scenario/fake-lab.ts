/** The two-lans lab on the fake engine: its containers exist, and commands answer what a test says or what was recorded. */
import { readFileSync } from 'node:fs';
import { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import type { Check } from '../../src/model/check.ts';
import type { LabEvent } from '../../src/model/event.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Plan } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { runScenario, type ScenarioResult } from '../../src/scenario/runner.ts';
import { scenario, type ScenarioDefinition } from '../../src/scenario/scenario.ts';
import { readTopology } from '../../src/topology/topology.ts';
import { recorded } from '../evidence/recordings.ts';

export type FakeLab = { lab: Lab; plan: Plan; engine: FakeEngine };

export const readLab = (name: string): { lab: Lab; plan: Plan } => {
  const { lab } = readTopology(readFileSync(new URL(`../../topologies/${name}.yaml`, import.meta.url), 'utf8'), name);
  const { plan } = makePlan(lab!);
  return { lab: lab!, plan: plan! };
};

export const makeFakeLab = async (name = 'two-lans'): Promise<FakeLab> => {
  const { lab, plan } = readLab(name);
  const engine = new FakeEngine();
  const owner = { lab: lab.name, planHash: 'x', topology: name };
  for (const network of plan.networks) await engine.ensureNetwork(owner, network);
  for (const container of plan.containers) await engine.ensureContainer(owner, container, { image: 'image' });
  return { lab, plan, engine };
};

/** Command lines the engine is sent, by what is in their text. */
export const commands = {
  cluster: 'kubectl get pods,services',
  startCapture: 'setsid timeout',
  stopCapture: 'tcpdump -n -tt',
  probes: /^sh$/,
} as const;

/** Answers as the real lab did in the recorded round. */
export const replay = ({ engine, plan }: FakeLab): void => {
  engine.when('cloud', commands.cluster).answers({ stdout: recorded('two-lans/cluster.txt') });
  engine.when('*', commands.startCapture).answers({ stdout: '/tmp/edgelab-capture.x\n' });
  for (const { name } of plan.containers) engine.when(name, commands.stopCapture).answers({ stdout: recorded(`two-lans/${name}.txt`) });
  for (const name of ['cloud', 'edge-a1', 'edge-b1'])
    engine.when(name, commands.probes).answers({ stdout: recorded(`two-lans/probes-${name}.out`) });
};

export type Run = { result: Promise<ScenarioResult>; events: LabEvent[]; abort: (reason: Error) => void };

export const run = (
  { lab, plan, engine }: FakeLab,
  definition: Partial<ScenarioDefinition>,
  file = '/elsewhere/mine.ts',
  more: { only?: string } = {},
): Run => {
  const events: LabEvent[] = [];
  const controller = new AbortController();
  const whole = scenario({ title: 'a test', topology: 'two-lans', steps: [], ...definition });
  const result = runScenario({
    scenario: whole,
    file,
    lab,
    plan,
    engine,
    emit: (event) => events.push(event),
    signal: controller.signal,
    now: () => engine.clock.now(),
    ...more,
  });
  return { result, events, abort: (reason) => controller.abort(reason) };
};

/** Runs one step to its end and gives its checks. */
export const checksOf = async (fake: FakeLab, step: ScenarioDefinition['steps'][number]): Promise<Check[]> =>
  (await run(fake, { steps: [step] }).result).checks;
